/** How many rows a page of a list has where nothing is said, and at most. */
export type PageSizes = { usual: number; largest: number };

/**
 * How many rows a page is to have. A list has no failure to answer with, so what is no number of rows is thrown: it is a slip of the
 * program, and PostgreSQL's own words for it name no field.
 *
 * @throws TypeError where it is no whole number from 1.
 */
export function pageSize(limit: number | undefined, { usual, largest }: PageSizes): number {
  const size = limit ?? usual;
  if (!Number.isInteger(size) || size < 1) throw new TypeError("limit: a whole number, 1 or more.");
  return Math.min(size, largest);
}

/** A page of rows that were selected with one more than it has: that one shows whether there is another page. */
export function pageOf<R>(
  rows: readonly R[],
  size: number,
  placeOf: (last: R) => string,
): { page: R[]; next: string | null } {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return { page, next: rows.length > size && last !== undefined ? placeOf(last) : null };
}
