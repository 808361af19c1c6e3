import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseExpression } from "@babel/parser";
import type { Expression } from "@babel/types";
import { keyText, literalText } from "./walk.ts";

const ENDINGS = [
  "",
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".jsx",
  ".mjs",
  ".cjs",
  ".vue",
  ".svelte",
  ".astro",
];
/** TypeScript names the file that will be built; this is the one that is there. */
const BUILT_FROM: Record<string, string[]> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
/** A chain of tsconfig files longer than this goes in a circle. */
const MOST_EXTENDED = 8;

type Alias = { pattern: string; targets: string[] };
type Workspace = { name: string; folder: string; exports: Alias[]; entries: string[] };

/** What SvelteKit and Nuxt set up without a line of configuration, from the folder of a package. */
const USUAL_ALIASES: Alias[] = [
  { pattern: "$lib/*", targets: ["src/lib/*"] },
  { pattern: "$lib", targets: ["src/lib"] },
  { pattern: "~~/*", targets: ["*"] },
  { pattern: "@@/*", targets: ["*"] },
  { pattern: "~/*", targets: ["*", "app/*", "src/*"] },
  { pattern: "@/*", targets: ["*", "src/*", "app/*"] },
];
/** Folders whose exports every file of a Nuxt server may use without an import. */
const NUXT_SHARED = /(?:^|\/)server\/utils\/[^/]+\.[jt]s$/;

export type FindImport = {
  (from: string, specifier: string): string | undefined;
  /** The files whose exports this one may use without an import. */
  named(from: string): string[];
};

/**
 * Finds the file an import names: beside the importer, by tsconfig `paths`, by package.json `imports`, or in another
 * package of the workspace. `packages` are the paths of all package.json files.
 */
export function importsOf(root: string, files: ReadonlySet<string>, packages: readonly string[]): FindImport {
  const aliasesByFolder = new Map<string, Alias[]>();
  const workspaces = packages.flatMap((path) => workspaceAt(root, path));
  const folders = new Set(packages.map((path) => posix.dirname(path)));
  const shared = [...files].filter((path) => NUXT_SHARED.test(path));

  function aliases(folder: string): Alias[] {
    const known = aliasesByFolder.get(folder);
    if (known) return known;
    const above = folder === "." ? [] : aliases(posix.dirname(folder));
    const own = [
      ...compilerPaths(root, posix.join(folder, "tsconfig.json")),
      ...compilerPaths(root, posix.join(folder, "jsconfig.json")),
      ...packageImports(root, folder),
      ...(folder === "." || folders.has(folder) ? usualAliases(folder) : []),
    ];
    const all = [...own, ...above];
    aliasesByFolder.set(folder, all);
    return all;
  }

  const known = new Map<string, string | undefined>();
  /** Files of one folder import much the same. */
  const find = (from: string, specifier: string): string | undefined => {
    const folder = posix.dirname(from);
    const question = `${folder}\n${specifier}`;
    if (!known.has(question)) known.set(question, findFrom(folder, specifier));
    return known.get(question);
  };
  const findFrom = (folder: string, specifier: string): string | undefined => {
    if (specifier.startsWith(".")) return fileAt(posix.join(folder, specifier), files);
    for (const { pattern, targets } of aliases(folder)) {
      const rest = matched(pattern, specifier);
      if (rest === undefined) continue;
      for (const target of targets) {
        const found = fileAt(posix.normalize(target.replace("*", rest)), files);
        if (found) return found;
      }
    }
    return inWorkspace(workspaces, specifier, files);
  };
  const named = (from: string) => {
    const server = /^(?:.*\/)?server\//.exec(from)?.[0];
    return server === undefined ? [] : shared.filter((path) => path.startsWith(server));
  };
  return Object.assign(find, { named });
}

function usualAliases(folder: string): Alias[] {
  return USUAL_ALIASES.map(({ pattern, targets }) => ({
    pattern,
    targets: targets.map((target) => posix.join(folder, target)),
  }));
}

function workspaceAt(root: string, path: string): Workspace[] {
  const settings = readJson(join(root, path));
  const name = literalText(settings && member(settings, "name"));
  if (!settings || name === undefined) return [];
  const folder = posix.dirname(path);
  const given = member(settings, "exports");
  const entries = ["source", "module", "main", "types"].flatMap((field) => {
    const text = literalText(member(settings, field));
    return text === undefined ? [] : [text];
  });
  return [{ name, folder, exports: given ? packageExports(folder, given) : [], entries }];
}

/** `"exports": { "./*": { "import": "./src/*.ts" } }`, or one file for the whole package. */
function packageExports(folder: string, given: Expression): Alias[] {
  const listed = entries(given).filter(([key]) => key.startsWith("."));
  const all: [string, Expression][] = listed.length > 0 ? listed : [[".", given]];
  return all.map(([pattern, value]) => ({
    pattern,
    targets: textsIn(value).map((text) => posix.join(folder, text)),
  }));
}

/** Every file a condition may lead to: what is built stands beside what it is built from. */
function textsIn(value: Expression): string[] {
  const text = literalText(value);
  if (text !== undefined) return [text];
  return entries(value).flatMap(([, inner]) => textsIn(inner));
}

function inWorkspace(
  workspaces: readonly Workspace[],
  specifier: string,
  files: ReadonlySet<string>,
): string | undefined {
  const found = workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (!found) return undefined;
  const { name, folder, exports, entries: mains } = found;
  const rest = specifier.slice(name.length + 1);
  const asked = rest === "" ? "." : `./${rest}`;
  const exported = exports.flatMap(({ pattern, targets }) => {
    const star = matched(pattern, asked);
    return star === undefined ? [] : targets.map((target) => target.replace("*", star));
  });
  const usual = rest === "" ? [...mains, "src/index", "index", "src"] : [rest, `src/${rest}`];
  const candidates = [...exported, ...usual.map((path) => posix.join(folder, path))];
  const built = candidates.map((path) => path.replace(/\/(?:dist|build|lib)\//, "/src/"));
  return [...candidates, ...built].map((path) => fileAt(path, files)).find((path) => path !== undefined);
}

function fileAt(path: string, files: ReadonlySet<string>): string | undefined {
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0] ?? "";
  const built = (BUILT_FROM[ending] ?? []).map((other) => path.slice(0, -ending.length) + other);
  const beside = ENDINGS.map((end) => path + end);
  const inside = ENDINGS.slice(1).map((end) => posix.join(path, `index${end}`));
  return [...beside, ...built, ...inside].find((candidate) => files.has(candidate));
}

/** What `*` stands for; "" for a pattern without one; undefined where it doesn't match. */
function matched(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === specifier ? "" : undefined;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits =
    specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= pattern.length - 1;
  return fits ? specifier.slice(before.length, specifier.length - after.length) : undefined;
}

function compilerPaths(root: string, file: string, depth = 0): Alias[] {
  const settings = readJson(join(root, file));
  if (!settings || depth > MOST_EXTENDED) return [];
  const folder = posix.dirname(file);
  const options = member(settings, "compilerOptions");
  const base = literalText(options && member(options, "baseUrl"));
  const from = posix.join(folder, base ?? ".");
  const paths = (options && member(options, "paths")) || undefined;
  const own = paths ? entries(paths).map(([pattern, value]) => alias(from, pattern, value)) : [];
  const bare = base === undefined ? [] : [{ pattern: "*", targets: [posix.join(from, "*")] }];
  const extended = literalText(member(settings, "extends"));
  const above = extended?.startsWith(".")
    ? compilerPaths(
        root,
        posix.join(folder, extended.endsWith(".json") ? extended : `${extended}.json`),
        depth + 1,
      )
    : [];
  return [...own, ...bare, ...above];
}

function packageImports(root: string, folder: string): Alias[] {
  const settings = readJson(join(root, folder, "package.json"));
  const imports = settings && member(settings, "imports");
  return imports ? entries(imports).map(([pattern, value]) => alias(folder, pattern, value)) : [];
}

function alias(folder: string, pattern: string, value: Expression): Alias {
  const texts =
    value.type === "ArrayExpression"
      ? value.elements.map((element) => literalText(element))
      : [literalText(value)];
  return {
    pattern,
    targets: texts.filter((text) => text !== undefined).map((text) => posix.join(folder, text)),
  };
}

/** JSON as a tree: tsconfig files carry comments and trailing commas, which JSON.parse refuses. */
function readJson(file: string): Expression | undefined {
  try {
    return parseExpression(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function member(object: Expression, name: string): Expression | undefined {
  return entries(object).find(([key]) => key === name)?.[1];
}

function entries(object: Expression): [string, Expression][] {
  if (object.type !== "ObjectExpression") return [];
  return object.properties.flatMap((property): [string, Expression][] => {
    if (property.type !== "ObjectProperty") return [];
    const key = keyText(property.key, property.computed);
    return key === undefined || !isExpression(property.value) ? [] : [[key, property.value]];
  });
}

function isExpression(node: { type: string }): node is Expression {
  return !/Pattern$|^RestElement$|^VoidPattern$/.test(node.type);
}
