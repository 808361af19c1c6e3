import { posix } from "node:path";

/** One line of a .gitignore file. Source: git-scm.com/docs/gitignore, "Pattern format". */
export type IgnoreLine = { matches: RegExp; folder: string; onlyFolders: boolean; keeps: boolean };

/** `folder` is where the .gitignore file stands, as a full path with slashes. */
export function ignoreLines(text: string, folder: string): IgnoreLine[] {
  return text.split(/\r?\n/).flatMap((raw) => {
    const line = raw.replace(/(?<!\\)\s+$/, "");
    if (line === "" || line.startsWith("#")) return [];
    const keeps = line.startsWith("!");
    const pattern = line.slice(keeps ? 1 : 0).replace(/^\\([#!])/, "$1");
    const onlyFolders = pattern.endsWith("/");
    const body = pattern.replace(/\/$/, "");
    const anchored = body.includes("/");
    const source = expression(body.replace(/^\//, ""));
    return [{ matches: new RegExp(`^${anchored ? "" : "(?:.*/)?"}${source}$`), folder, onlyFolders, keeps }];
  });
}

/** The last line that matches decides. `path` is a full one, with slashes. */
export function isIgnored(path: string, isFolder: boolean, lines: readonly IgnoreLine[]): boolean {
  let ignored = false;
  for (const line of lines) {
    if (line.onlyFolders && !isFolder) continue;
    const below = posix.relative(line.folder, path);
    if (!below.startsWith("..") && line.matches.test(below)) ignored = !line.keeps;
  }
  return ignored;
}

function expression(pattern: string): string {
  return pattern.replace(/\*\*\/|\/\*\*$|\*+|\?|\[!?[^\]]*\]|\\.|[^*?[\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "/**") return "/.*";
    if (part.startsWith("*")) return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("[") && part.length > 1) return part.replace(/^\[!/, "[^");
    return (part.length > 1 ? part.slice(1) : part).replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
}
