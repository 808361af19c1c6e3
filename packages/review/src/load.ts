import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { File, Function as FunctionNode } from "@babel/types";
import { type FoundFile, findFiles, isMinified, type Left } from "./files/find-files.ts";
import { importsOf } from "./syntax/imports.ts";
import { indexModule, type Module } from "./syntax/module.ts";
import { parseFile } from "./syntax/parse.ts";
import type { Place, Project } from "./syntax/project.ts";
import { targetsOf } from "./syntax/targets.ts";

/** Tests, and what they need: they break rules on purpose and no buyer runs them. Secrets are looked for there too. */
const TEST =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|cypress|playwright|specs?|fixtures|mocks|\.storybook)\/|\.(?:test|spec|stories|cy|e2e|mock)\.\w+$|(?:^|\/)(?:test|mock|fake)[-_.][\w.-]+$/;

export type SourceFile = FoundFile & { text: string };
export type Loaded = { project: Project; files: readonly SourceFile[]; left: readonly Left[] };

/** Only what may touch money is indexed from the start; other files when an import leads to them. */
const ABOUT_PAYMENTS =
  /stripe|checkout|payment_?intent|charge\.|subscription|refund|session_?id|webhook|express|oncepaid-review-ignore|(?:sk|rk|pk)_(?:live|test)_/i;

/** Reads a project, running none of it. Throws when `root` can't be read. */
export function load(root: string): Loaded {
  const { base, files: found, left } = findFiles(root);
  const unread = [...left];
  const files: SourceFile[] = [];
  const trees = new Map<string, File>();
  for (const file of found) {
    const text = read(join(base, file.path), file.path, unread);
    if (text === undefined) continue;
    if (file.kind === "source" && isMinified(text)) {
      unread.push({ path: file.path, reason: "it is minified" });
      continue;
    }
    files.push({ ...file, text });
    const tree = file.kind === "source" ? parse(file.path, text, unread) : undefined;
    if (tree && ABOUT_PAYMENTS.test(text) && !TEST.test(file.path)) trees.set(file.path, tree);
  }
  return { project: projectOf(base, files, trees, unread), files, left: unread };
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
    unread.push({ path, reason: `it can't be parsed: ${where}` });
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
  trees: ReadonlyMap<string, File>,
  unread: Left[],
): Project {
  const texts = new Map(files.filter(({ kind }) => kind === "source").map(({ path, text }) => [path, text]));
  const find = importsOf(base, new Set(texts.keys()));
  const indexed = new Map<string, Module | undefined>();
  const moduleAt = (path: string): Module | undefined => {
    if (indexed.has(path)) return indexed.get(path);
    const text = texts.get(path);
    const tree = trees.get(path) ?? (text === undefined ? undefined : parse(path, text, []));
    const module = tree && text !== undefined ? index(path, text, tree, unread) : undefined;
    indexed.set(path, module);
    return module;
  };
  const modules = [...trees.keys()].map(moduleAt).filter((module) => module !== undefined);
  let calls: Map<FunctionNode, Place[]> | undefined;
  const project: Project = {
    modules,
    targets: new WeakMap(),
    follow(from, specifier) {
      const path = find(from.path, specifier);
      return path === undefined ? undefined : moduleAt(path);
    },
    callsOf(fn) {
      calls ??= callsByFunction(project);
      return calls.get(fn) ?? [];
    },
  };
  return project;
}

function callsByFunction(project: Project): Map<FunctionNode, Place[]> {
  const calls = new Map<FunctionNode, Place[]>();
  for (const module of project.modules) {
    for (const call of module.calls) {
      for (const target of targetsOf(project, module, call.callee)) {
        const places = calls.get(target.node) ?? [];
        places.push({ module, node: call });
        calls.set(target.node, places);
      }
    }
  }
  return calls;
}
