import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * The files below a path that differ from a git revision, new ones included. Whole files, not lines: a change of one line
 * makes findings on others. Throws a sentence where git can't say.
 */
export function changedFiles(path: string, base: string): Set<string> {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  // Where the branches parted, so that what others changed in the meantime is not counted.
  const parted = git(folder, ["merge-base", base, "HEAD"]).trim();
  const changed = git(folder, ["diff", "--name-only", "--relative", "-z", parted, "--"]);
  const added = git(folder, ["ls-files", "--others", "--exclude-standard", "-z"]);
  return new Set([changed, added].flatMap((names) => names.split("\0")).filter(Boolean));
}

function git(folder: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim() || `git ${args[0]} ended with ${status}`);
  return stdout;
}
