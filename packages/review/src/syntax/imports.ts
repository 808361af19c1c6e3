import { join, posix } from "node:path";
import type { Expression } from "@babel/types";
import { type Alias, fileAt, matched } from "./import-paths.ts";
import { entries, member, readJson } from "./json-tree.ts";
import { literalText } from "./walk.ts";
import { inWorkspace, workspaceAt } from "./workspaces.ts";

/** A chain of tsconfig files longer than this goes in a circle. */
const MOST_EXTENDED = 8;

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

  // Files of one folder import much the same.
  const known = new Map<string, string | undefined>();
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
