import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, posix, resolve, sep } from "node:path";
import { type IgnoreFile, ignoreFile, isIgnored } from "./gitignore.ts";
import { type Kind, kindOf } from "./kinds.ts";

/** A file to read. `path` is below the root, with slashes. */
export type FoundFile = { path: string; kind: Kind };
export type Left = { path: string; reason: string };

/** Never the project's own source, whether git knows them or not. */
const NOT_SOURCE = new Set([
  "node_modules",
  ".git",
  ".next",
  ".nuxt",
  ".output",
  ".svelte-kit",
  ".turbo",
  ".vercel",
  "dist",
  "build",
  "out",
  "coverage",
  "vendor",
  // Samples for tests, wrong on purpose.
  "fixtures",
  "__fixtures__",
]);
const LARGEST_BYTES = 1_000_000;

/** The files to review below `root`, which may itself be one file. Throws when it can't be read. */
export function findFiles(root: string): { base: string; files: FoundFile[]; left: Left[] } {
  const found: FoundFile[] = [];
  const left: Left[] = [];
  if (!statSync(root).isDirectory()) {
    return {
      base: dirname(root),
      files: [{ path: basename(root), kind: kindOf(basename(root)) ?? "source" }],
      left,
    };
  }
  const visit = (folder: string, above: readonly IgnoreFile[]) => {
    const entries = list(join(root, folder), folder, left);
    const lines = [...above, ...ignoreFilesIn(join(root, folder))];
    for (const entry of entries) {
      const path = posix.join(folder, entry.name);
      if (isIgnored(fullPath(join(root, path)), entry.isDirectory(), lines)) continue;
      if (entry.isDirectory()) {
        if (!NOT_SOURCE.has(entry.name)) visit(path, lines);
        continue;
      }
      const kind = entry.isFile() ? kindOf(entry.name) : undefined;
      if (!kind) continue;
      const size = sizeOf(join(root, path), path, left);
      if (size === undefined) continue;
      if (size <= LARGEST_BYTES) found.push({ path, kind });
      else if (kind !== "text") left.push({ path, reason: "it is over 1 MB" });
    }
  };
  visit(".", linesAbove(root));
  return { base: root, files: found, left };
}

/** Code that a tool wrote on a few very long lines: nobody will mend it there. */
export function isMinified(text: string): boolean {
  const LONG_LINE = 5_000;
  const USUAL_LINE = 300;
  const lines = text.split("\n");
  return lines.some(({ length }) => length > LONG_LINE) && text.length / lines.length > USUAL_LINE;
}

function sizeOf(file: string, path: string, left: Left[]): number | undefined {
  try {
    return statSync(file).size;
  } catch (error) {
    left.push({ path, reason: error instanceof Error ? error.message : "it can't be read" });
    return undefined;
  }
}

function list(folder: string, shown: string, left: Left[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (shown === ".") throw error;
    left.push({ path: shown, reason: error instanceof Error ? error.message : "it can't be read" });
    return [];
  }
}

/** A project may be a folder of a repository whose rules stand further up. */
function linesAbove(root: string): IgnoreFile[] {
  const lines: IgnoreFile[][] = [];
  for (let folder = resolve(root); !existsSync(join(folder, ".git")); ) {
    const parent = dirname(folder);
    if (parent === folder) return [];
    folder = parent;
    lines.unshift(ignoreFilesIn(folder));
  }
  return lines.flat();
}

function ignoreFilesIn(folder: string): IgnoreFile[] {
  const file = join(folder, ".gitignore");
  return existsSync(file) ? [ignoreFile(readFileSync(file, "utf8"), fullPath(folder))] : [];
}

/** From the very top, with slashes. */
function fullPath(path: string): string {
  return resolve(path).split(sep).join("/");
}
