import { posix } from "node:path";

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

export type Alias = { pattern: string; targets: string[] };

export function fileAt(path: string, files: ReadonlySet<string>): string | undefined {
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0] ?? "";
  const built = (BUILT_FROM[ending] ?? []).map((other) => path.slice(0, -ending.length) + other);
  const beside = ENDINGS.map((end) => path + end);
  const inside = ENDINGS.slice(1).map((end) => posix.join(path, `index${end}`));
  return [...beside, ...built, ...inside].find((candidate) => files.has(candidate));
}

/** What `*` stands for; "" for a pattern without one; undefined where it doesn't match. */
export function matched(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === specifier ? "" : undefined;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits =
    specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= pattern.length - 1;
  return fits ? specifier.slice(before.length, specifier.length - after.length) : undefined;
}
