/** From a file about payments to the route that calls it, or to what it calls, there are a few imports at most. */
const MOST_IMPORTS = 3;
/** In a large project a file that everybody imports must not pull in everybody. */
const MOST_NEIGHBOURS = 500;
const ABOUT_STRIPE = /stripe/i;
const SPECIFIER = /(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["'`]([^"'`\n]+)["'`]/g;

type Links = ReadonlyMap<string, readonly string[]>;

/**
 * The paths, with the files that import those about Stripe and the ones these import, nearest first: a route may hand on a
 * body, and a service may write an order, and neither names a payment.
 */
export function withNeighbours(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
  find: (from: string, specifier: string) => string | undefined,
): string[] {
  const { imports, importers } = linksOf(texts, find);
  const all = new Set(paths);
  const start = paths.filter((path) => ABOUT_STRIPE.test(texts.get(path) ?? ""));
  addAlong(importers, start, all, paths.length + MOST_NEIGHBOURS / 2);
  addAlong(imports, start, all, paths.length + MOST_NEIGHBOURS);
  return [...all];
}

function addAlong(links: Links, start: readonly string[], all: Set<string>, most: number): void {
  let level = start;
  for (let step = 0; step < MOST_IMPORTS; step++) {
    const next = new Set(level.flatMap((path) => links.get(path) ?? []));
    level = [...next].filter((path) => !all.has(path)).slice(0, Math.max(0, most - all.size));
    for (const path of level) all.add(path);
  }
}

function linksOf(
  texts: ReadonlyMap<string, string>,
  find: (from: string, specifier: string) => string | undefined,
): { imports: Links; importers: Links } {
  const imports = new Map<string, string[]>();
  const importers = new Map<string, string[]>();
  for (const [path, text] of texts) {
    for (const [, specifier = ""] of text.matchAll(SPECIFIER)) {
      const imported = find(path, specifier);
      if (imported === undefined || imported === path) continue;
      add(imports, path, imported);
      add(importers, imported, path);
    }
  }
  return { imports, importers };
}

function add(links: Map<string, string[]>, from: string, to: string): void {
  const known = links.get(from);
  if (known) known.push(to);
  else links.set(from, [to]);
}
