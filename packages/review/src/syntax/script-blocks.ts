/**
 * The script of a file that is not script alone, with blanks for everything else, so that every line and column stays
 * where it is. Undefined for a file that is script alone.
 */
export function scriptOf(path: string, text: string): string | undefined {
  if (/\.(?:vue|svelte)$/.test(path)) return only(text, scriptTags(text));
  if (!path.endsWith(".astro")) return undefined;
  const frontmatter = frontmatterOf(text);
  // The scripts of an Astro page run in the browser and share no names with its frontmatter.
  return only(text, frontmatter ? [frontmatter] : scriptTags(text));
}

type Range = readonly [from: number, to: number];

function scriptTags(text: string): Range[] {
  return [...text.matchAll(/(<script\b[^>]*>)([\s\S]*?)<\/script\s*>/gi)].map((match): Range => {
    const [, tag = "", body = ""] = match;
    const from = match.index + tag.length;
    return [from, from + body.length];
  });
}

function frontmatterOf(text: string): Range | undefined {
  const match = /^(\s*---[ \t]*\r?\n)([\s\S]*?)\r?\n---/.exec(text);
  if (!match) return undefined;
  const [, fence = "", body = ""] = match;
  return [fence.length, fence.length + body.length];
}

function only(text: string, ranges: readonly Range[]): string {
  let script = "";
  let at = 0;
  for (const [from, to] of ranges) {
    script += blank(text.slice(at, from)) + text.slice(from, to);
    at = to;
  }
  return script + blank(text.slice(at));
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
