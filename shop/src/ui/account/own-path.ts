/** Any origin will do: it only stands for ours. */
const HERE = "http://here.invalid";

/** Where to go after signing in: a path of this shop as it was asked for, and nowhere else; else the account. */
export function ownPath(next: string | string[] | undefined): string {
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, HERE)) return "/account";
  const url = new URL(next, HERE);
  // Of `/.//evil.example` only `//evil.example` is left, which a browser takes for another host. The API answers no pages.
  if (url.origin !== HERE || url.pathname.startsWith("//") || url.pathname.startsWith("/api/"))
    return "/account";
  return url.pathname + url.search + url.hash;
}
