import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { File, Function as FunctionNode } from "@babel/types";
import { type FoundFile, findFiles, isMinified, type Left } from "./files/find-files.ts";
import { withNeighbours } from "./neighbours.ts";
import { importsOf } from "./syntax/imports.ts";
import { indexModule, type Module } from "./syntax/module.ts";
import { parseFile } from "./syntax/parse.ts";
import type { Place, Project } from "./syntax/project.ts";
import { directTargetsOf } from "./syntax/targets.ts";

/** Tests, and what they need: they break rules on purpose and no buyer runs them. Secrets are looked for there too. */
const TEST =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|cypress|playwright|specs?|fixtures|mocks|\.storybook)\/|\.(?:test|spec|stories|cy|e2e|mock)\.\w+$|(?:^|\/)(?:test|mock|fake)[-_.][\w.-]+$/;
/** What a developer runs by hand, once: no request reaches it. */
const BY_HAND = /(?:^|\/)(?:scripts?|seeds?|tools)\/|(?:^|\/)seed[\w.-]*$/;

export type SourceFile = FoundFile & { text: string };
export type Loaded = { project: Project; files: readonly SourceFile[]; left: readonly Left[] };

/** Only what may touch money is indexed from the start; other files when an import leads to them. */
const ABOUT_PAYMENTS =
  /stripe|constructEvent|checkout\.sessions?|payment_?intent|charge\.(?:refunded|succeeded|failed|dispute)|customer\.subscription|invoice\.p|refunds\.create|session_id|express\.json|body-?parser|oncepaid-review-ignore|(?:sk|rk|pk)_(?:live|test)_/i;
/** Of a file that is no code only this is kept: secrets, and columns that hold a value once. */
const WORTH_KEEPING = /[sr]k_(?:live|test)_|whsec_|oncepaid-review-ignore/;
const SCHEMA = /\.(?:prisma|sql)$/;
const PACKAGE = /(?:^|\/)package\.json$/;

/** Reads a project, running none of it. Throws when `root` can't be read. */
export function load(root: string, isLeftOut: (path: string) => boolean = () => false): Loaded {
  const { base, files: found, left } = findFiles(root);
  const unread = [...left];
  const files: SourceFile[] = [];
  const trees = new Map<string, File>();
  for (const file of found) {
    if (isLeftOut(file.path)) continue;
    const text = readWhole(base, file, unread);
    if (text === undefined) continue;
    files.push({ ...file, text });
    const tree = file.kind === "source" ? parse(file.path, text, unread) : undefined;
    if (tree && ABOUT_PAYMENTS.test(text) && isRun(file.path)) trees.set(file.path, tree);
  }
  return { project: projectOf(base, files, trees, unread), files, left: unread };
}

function isRun(path: string): boolean {
  return !TEST.test(path) && !BY_HAND.test(path);
}

/** The text of a file as far as it is needed; undefined for one that is no text or that a tool wrote. */
function readWhole(base: string, { path, kind }: FoundFile, unread: Left[]): string | undefined {
  const text = read(join(base, path), path, unread);
  if (text === undefined || kind === "env") return text;
  if (kind === "text") {
    if (text.slice(0, 1_000).includes("\0")) return undefined;
    return WORTH_KEEPING.test(text) || SCHEMA.test(path) || PACKAGE.test(path) ? text : "";
  }
  if (!isMinified(text)) return text;
  unread.push({ path, reason: "it is minified" });
  return undefined;
}

function read(file: string, path: string, unread: Left[]): string | undefined {
  try {
    return decoded(readFileSync(file));
  } catch (error) {
    unread.push({ path, reason: error instanceof Error ? error.message : "it can't be read" });
    return undefined;
  }
}

/** Files of Windows editors may be UTF-16. */
function decoded(bytes: Buffer): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(wide ? "utf16le" : "utf8").replace(/^\uFEFF/, "");
}

function parse(path: string, text: string, unread: Left[]): File | undefined {
  try {
    return parseFile(path, text);
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    // The parser goes down a level for each bracket, and ends where the stack does.
    const isTooDeep = error instanceof RangeError;
    unread.push({ path, reason: isTooDeep ? "it is nested too deeply" : `it can't be parsed: ${where}` });
    return undefined;
  }
}

function index(path: string, text: string, tree: File, unread: Left[]): Module | undefined {
  try {
    return indexModule(path, text, tree);
  } catch (error) {
    unread.push({ path, reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function projectOf(
  base: string,
  files: readonly SourceFile[],
  trees: Map<string, File>,
  unread: Left[],
): Project {
  const texts = new Map(files.filter(({ kind }) => kind === "source").map(({ path, text }) => [path, text]));
  const packages = files.filter(({ path }) => PACKAGE.test(path)).map(({ path }) => path);
  const find = importsOf(base, new Set(texts.keys()), packages);
  const indexed = new Map<string, Module | undefined>();
  const moduleAt = (path: string): Module | undefined => {
    if (indexed.has(path)) return indexed.get(path);
    const text = texts.get(path);
    const tree = trees.get(path) ?? (text === undefined ? undefined : parse(path, text, []));
    trees.delete(path);
    const module = tree && text !== undefined ? index(path, text, tree, unread) : undefined;
    indexed.set(path, module);
    return module;
  };
  const runs = new Map([...texts].filter(([path]) => isRun(path)));
  const paths = withNeighbours([...trees.keys()], runs, find);
  const modules = paths.map(moduleAt).filter((module) => module !== undefined);
  let calls: Map<FunctionNode, Place[]> | undefined;
  const project: Project = {
    modules,
    targets: new WeakMap(),
    directTargets: new WeakMap(),
    follow(from, specifier) {
      const path = find(from.path, specifier);
      return path === undefined ? undefined : moduleAt(path);
    },
    named(from) {
      return find
        .named(from.path)
        .map(moduleAt)
        .filter((module) => module !== undefined);
    },
    callsOf(fn) {
      calls ??= callsByFunction(project);
      return calls.get(fn) ?? [];
    },
  };
  return project;
}

/** Names handed on as parameters are not followed here: to know them, these calls must be known first. */
function callsByFunction(project: Project): Map<FunctionNode, Place[]> {
  const calls = new Map<FunctionNode, Place[]>();
  for (const module of project.modules) {
    for (const call of module.calls) {
      for (const target of directTargetsOf(project, module, call)) {
        const places = calls.get(target.node) ?? [];
        places.push({ module, node: call });
        calls.set(target.node, places);
      }
    }
  }
  return calls;
}
