/** From a file about payments to the route that calls it there are a few imports at most. */
const MOST_IMPORTS_UP = 3;
/** In a large project a file that everybody imports must not pull in everybody. */
const MOST_IMPORTERS = 500;
const ABOUT_STRIPE = /stripe/i;
const SPECIFIER = /(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["'`]([^"'`\n]+)["'`]/g;

/** The paths, and those of the files that import them, nearest first: a route may hand on a body and never name a payment. */
export function withImporters(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
  find: (from: string, specifier: string) => string | undefined,
): string[] {
  const all = new Set(paths);
  const importers = importersByPath(texts, find);
  let level = paths.filter((path) => ABOUT_STRIPE.test(texts.get(path) ?? ""));
  for (let up = 0; up < MOST_IMPORTS_UP; up++) {
    const next = new Set(level.flatMap((path) => importers.get(path) ?? []));
    level = [...next].filter((path) => !all.has(path)).slice(0, MOST_IMPORTERS + paths.length - all.size);
    for (const path of level) all.add(path);
  }
  return [...all];
}

function importersByPath(
  texts: ReadonlyMap<string, string>,
  find: (from: string, specifier: string) => string | undefined,
): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [path, text] of texts) {
    for (const [, specifier = ""] of text.matchAll(SPECIFIER)) {
      const imported = find(path, specifier);
      if (imported === undefined) continue;
      importers.set(imported, [...(importers.get(imported) ?? []), path]);
    }
  }
  return importers;
}
