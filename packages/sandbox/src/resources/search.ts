import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { hash, integer, text } from "../api/params.ts";
import type { Filter } from "../listing.ts";
import type { Kind, Kinds } from "../wire.ts";

/** What every `…/search` takes. */
export const searchParams = () =>
  hash({ limit: integer({ min: 1, max: 100 }).optional(), page: text().optional(), query: text() });

interface Found<T> {
  object: "search_result";
  data: T[];
  has_more: boolean;
  next_page: string | null;
  url: string;
}

const CLAUSE =
  /\s*(-?)([\w.]+(?:\["[\w.-]+"\]|\['[\w.-]+'\])?)\s*(:|~|>=|<=|>|<)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?[\d.]+|null)(?:\s+(AND|OR)(?=\s)|\s*$)/iy;

/**
 * Stripe's search language over what is stored: `email:"a@b.c" AND metadata["order"]:"1"`, with `~` for a part, `-` for
 * not, `null` for what isn't there, comparisons of numbers, and all clauses joined by AND, or all by OR. Letters' case is of no
 * account; `places` says where a field is that the search calls otherwise. Where Stripe needs a minute to index, this doesn't.
 */
export function searchOf<K extends Kind>(
  act: Act,
  kind: K,
  url: string,
  params: { query: string; limit?: number | undefined; page?: string | undefined },
  places: Record<string, string> = {},
): Found<Kinds[K]> {
  const placed = (one: Filter): Filter => ({ ...one, field: places[one.field] ?? one.field });
  const clauses = filtersOf(params.query).map((one) => ({
    ...placed(one),
    ...(one.or && { or: one.or.map(placed) }),
  }));
  const after = params.page && act.store.findAny(params.page) ? params.page : undefined;
  const { data, more } = act.store.list(kind, clauses, {
    limit: params.limit ?? 10,
    ...(after && { after }),
  });
  const last = data.at(-1);
  return {
    object: "search_result",
    data,
    has_more: more,
    next_page: more && last ? last.id : null,
    url,
  };
}

function filtersOf(query: string): Filter[] {
  const filters: Filter[] = [];
  const joints = new Set<string>();
  let read = 0;
  do {
    CLAUSE.lastIndex = read;
    const match = CLAUSE.exec(query);
    if (!match) throw unreadable(query.slice(read).trim());
    const [, not = "", name = "", operator = ":", value = "", joint] = match;
    filters.push({ ...filterOf(name, operator, value), not: not !== "" });
    if (joint) joints.add(joint.toUpperCase());
    read = CLAUSE.lastIndex;
  } while (read < query.length);
  if (joints.size > 1) throw invalid(MIXED, "query");
  const [first, ...others] = filters;
  return joints.has("OR") && first ? [{ ...first, or: others }] : filters;
}

function filterOf(name: string, operator: string, raw: string): Filter {
  const field = name.replace(/\[["'](.+)["']\]/, '."$1"');
  const value = /^["']/.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, "$1") : raw;
  if (operator === "~") return { field, is: "contains", value };
  if (operator === ">" || operator === "<" || operator === ">=" || operator === "<=") {
    return { field, is: operator, value: Number(value) };
  }
  return raw.toLowerCase() === "null" ? { field, is: "=", value: null } : { field, is: "same", value };
}

const MIXED = "You cannot combine both AND and OR operators in the same search query.";

const unreadable = (rest: string) =>
  invalid(`We were unable to parse your search query near \`${rest}\`.`, "query");
