import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The house as its documents speak of it: its files, and the paths that a document names. */

export const ROOT = join(import.meta.dirname, "../..");

const NOT_OURS = new Set(["node_modules", ".git", ".data", ".next", ".test", "dist", "fixtures"]);

/** Every file, as a path from the root; what was installed or built is left out. */
export function filesOf(folder = ""): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

const FENCE = /^```.*?^```/gms;
const CODE = /`([^`\n]+)`/g;
const FILE_IN_FENCE = /[\w.<>[\]-]+(?:\/[\w.<>[\]-]+)*\.(?:ts|tsx|mjs|sql)(?![\w/])/g;
const LINK = /\]\((?!https?:|#)([^)\s#]+)[^)]*\)/g;
const FILE = /\.(ts|tsx|mjs|json|jsonc|sql|md|css|example)$/;
const PATH_ONLY = /^[\w.@*<>{},[\]/-]+$/;

/** The paths that stand in backticks, and the files that a picture in a fence names. */
export function pathsIn(document: string): string[] {
  const fenced = document.match(FENCE) ?? [];
  const prose = document.replaceAll(FENCE, "");
  const named = [...prose.matchAll(CODE)].map(([, code = ""]) => code).filter(isPath);
  return [...new Set([...named, ...fenced.flatMap((fence) => fence.match(FILE_IN_FENCE) ?? [])])];
}

/** What a document links to, as it stands there. */
export function linksIn(document: string): string[] {
  return [...document.replaceAll(FENCE, "").matchAll(LINK)].map(([, target = ""]) => target);
}

/** `/api/health` is an address, `order.fulfilled` a name, and DATA_DIR in front of a path is a variable. */
function isPath(code: string): boolean {
  if (!PATH_ONLY.test(code) || /^(\/|[A-Z_]+\/)/.test(code)) return false;
  return FILE.test(code) || (code.includes("/") && (code.endsWith("/") || isOfRoot(code)));
}

function isOfRoot(path: string): boolean {
  return /^(bench|bin|docs|packages|shop|test)\//.test(path);
}

/**
 * Whether a file or folder is there. A path that begins with a folder of the root is taken from there; another one may begin at any
 * folder, as `orders/write.ts` does.
 */
export function exists(path: string, files: readonly string[]): boolean {
  const start = isOfRoot(path) ? "^" : "(^|/)";
  const end = path.endsWith("/") ? "" : "(/|$)";
  const pattern = new RegExp(`${start}${patternOf(path)}${end}`);
  return files.some((file) => pattern.test(file));
}

/** `*` stands for any name, `<…>` for a name to be put in, `{a,b}` for either. */
function patternOf(path: string): string {
  return path
    .replaceAll(/[.[\]]/g, "\\$&")
    .replaceAll("**", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", ".*")
    .replaceAll(/<[^>]*>/g, "[^/]+")
    .replaceAll(/\{([^}]*)\}/g, (_, either: string) => `(${either.replaceAll(",", "|")})`);
}
