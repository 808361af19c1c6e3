import { join, posix } from "node:path";
import type { Expression } from "@babel/types";
import { type Alias, fileAt, matched } from "./import-paths.ts";
import { entries, member, readJson } from "./json-tree.ts";
import { literalText } from "./walk.ts";

export type Workspace = { name: string; folder: string; exports: Alias[]; entries: string[] };

export function workspaceAt(root: string, path: string): Workspace[] {
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

export function inWorkspace(
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
