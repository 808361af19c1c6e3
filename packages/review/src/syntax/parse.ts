import { type ParserOptions, parse } from "@babel/parser";
import type { File } from "@babel/types";
import { scriptOf } from "./script-blocks.ts";

type Plugins = NonNullable<ParserOptions["plugins"]>;

/** The syntax tree of one file. Throws the parser's SyntaxError when there is none. */
export function parseFile(path: string, whole: string): File {
  const text = scriptOf(path, whole) ?? whole;
  const [first, ...others] = dialects(path, text);
  try {
    return parseAs(first ?? [], text);
  } catch (error) {
    for (const dialect of others) {
      try {
        return parseAs(dialect, text);
      } catch {
        // The first dialect is the likeliest, so its complaint is the one to tell.
      }
    }
    throw error;
  }
}

function parseAs(plugins: Plugins, text: string): File {
  return parse(text, {
    sourceType: "unambiguous",
    // What a compiler rejects but a tree can be made of (a name declared twice) is not our business.
    errorRecovery: true,
    attachComment: false,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    plugins: [...plugins, "decorators", "decoratorAutoAccessors"],
  });
}

/** How a file of this name may be written, the likeliest first. */
function dialects(path: string, text: string): Plugins[] {
  if (/\.[cm]?ts$/.test(path)) return [["typescript"]];
  if (path.endsWith(".tsx")) return [["typescript", "jsx"]];
  if (/\.(?:vue|svelte|astro)$/.test(path)) return [["typescript"], ["typescript", "jsx"]];
  return text.includes("@flow") ? [["flow", "jsx"], ["jsx"]] : [["jsx"], ["flow", "jsx"]];
}
