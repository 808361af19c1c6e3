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
  /^(-?)([\w.]+(?:\["[\w.-]+"\]|\['[\w.-]+'\])?)\s*(:|~|>=|<=|>|<)\s*("[^"]*"|'[^']*'|-?[\d.]+|null)$/;

/**
 * Stripe's search language over what is stored: `email:"a@b.c" AND metadata["order"]:"1"`, with `~` for a part, `-` for
 * not, comparisons of numbers, and all clauses joined by AND. Where Stripe needs a minute to index, this doesn't.
 */
export function searchOf<K extends Kind>(
  act: Act,
  kind: K,
  url: string,
  params: { query: string; limit?: number | undefined; page?: string | undefined },
): Found<Kinds[K]> {
  const clauses = params.query.split(/\s+AND\s+/i).map((clause) => filterOf(clause.trim()));
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

function filterOf(clause: string): Filter {
  const match = CLAUSE.exec(clause);
  if (!match) throw invalid(`We were unable to parse your search query near \`${clause}\`.`, "query");
  const [, not, name = "", operator = ":", raw = ""] = match;
  const field = name.replace(/\[["'](.+)["']\]/, '."$1"');
  const value = /^["']/.test(raw) ? raw.slice(1, -1) : Number(raw);
  if (operator === "~") return { field, is: "like", value: `%${value}%` };
  if (operator === ">" || operator === "<" || operator === ">=" || operator === "<=") {
    return { field, is: operator, value };
  }
  return { field, is: not ? "!=" : "=", value: value === "true" ? 1 : value === "false" ? 0 : value };
}
