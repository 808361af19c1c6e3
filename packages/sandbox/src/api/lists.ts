import type { Act } from "../act.ts";
import type { Filter } from "../listing.ts";
import type { Kind, Kinds } from "../wire.ts";
import { invalid, noSuch } from "./errors.ts";

export interface Paging {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

export interface List<T> {
  object: "list";
  data: T[];
  has_more: boolean;
  url: string;
}

type Range = number | { gt?: number; gte?: number; lt?: number; lte?: number };

/** A page of stored objects, newest first. */
export function listOf<K extends Kind>(
  act: Act,
  kind: K,
  url: string,
  paging: Paging,
  filters: readonly Filter[] = [],
): List<Kinds[K]> {
  const { limit = 10, starting_after: after, ending_before: before } = paging;
  if (after && before) {
    throw invalid("You can only provide one of `starting_after` or `ending_before`.", "ending_before");
  }
  const isOne = (id: string) => act.store.findAny(id)?.object.object === kind;
  if (after && !isOne(after)) throw noSuch(kind, after, "starting_after");
  if (before && !isOne(before)) throw noSuch(kind, before, "ending_before");
  const { data, more } = act.store.list(kind, filters, {
    limit,
    ...(after && { after }),
    ...(before && { before }),
  });
  const list: List<Kinds[K]> = { object: "list", data, has_more: more, url };
  totals.set(list, () => act.store.countOf(kind, filters));
  return list;
}

/** How many there are on all pages of a list; only counted when somebody asks. */
const totals = new WeakMap<object, () => number>();

export const totalOf = (list: object): number | undefined => totals.get(list)?.();

/** The same list with its items shown otherwise. */
export function shownAs<T, S>(list: List<T>, show: (item: T) => S): List<S> {
  const shown = { ...list, data: list.data.map(show) };
  totals.set(shown, () => totalOf(list) ?? 0);
  return shown;
}

/** The same for lists inside an object, whose items are not stored on their own. `items` come in their final order. */
export function pageOf<T extends { id: string }>(
  items: readonly T[],
  url: string,
  paging: Paging = {},
): List<T> {
  const { limit = 10, starting_after: after, ending_before: before } = paging;
  const place = (id: string) => items.findIndex((item) => item.id === id);
  if (after && place(after) < 0) throw noSuch("item", after, "starting_after");
  if (before && place(before) < 0) throw noSuch("item", before, "ending_before");
  const start = after ? place(after) + 1 : before ? Math.max(0, place(before) - limit) : 0;
  const end = before ? place(before) : start + limit;
  const data = items.slice(start, end);
  const more = before ? start > 0 : end < items.length;
  const list: List<T> = { object: "list", data, has_more: more, url };
  totals.set(list, () => items.length);
  return list;
}

/** Nothing was asked, and nothing is left out, where the value is undefined. */
export function equals(field: string, value: string | boolean | undefined): Filter[] {
  if (value === undefined) return [];
  // SQLite reads JSON's booleans as 1 and 0.
  return [{ field, is: "=", value: typeof value === "boolean" ? Number(value) : value }];
}

export function within(range: Range | undefined, field = "created"): Filter[] {
  if (range === undefined) return [];
  if (typeof range === "number") return [{ field, is: "=", value: range }];
  const bounds = [
    [">", range.gt],
    [">=", range.gte],
    ["<", range.lt],
    ["<=", range.lte],
  ] as const;
  return bounds.flatMap(([is, value]) => (value === undefined ? [] : [{ field, is, value }]));
}
