import { posix } from "node:path";
import ignore, { type Ignore } from "ignore";

/** The lines of one .gitignore file and the folder it stands in, as a full path with slashes. */
export type IgnoreFile = { folder: string; lines: Ignore };

export function ignoreFile(text: string, folder: string): IgnoreFile {
  return { folder, lines: ignore({ allowRelativePaths: true }).add(text) };
}

/** The innermost file that says something decides. `path` is a full one, with slashes. */
export function isIgnored(path: string, isFolder: boolean, files: readonly IgnoreFile[]): boolean {
  let ignored = false;
  for (const { folder, lines } of files) {
    const below = posix.relative(folder, path);
    if (below === "" || below.startsWith("..")) continue;
    const said = lines.test(isFolder ? `${below}/` : below);
    if (said.ignored) ignored = true;
    if (said.unignored) ignored = false;
  }
  return ignored;
}
