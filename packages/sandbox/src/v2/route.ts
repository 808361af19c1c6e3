import { z } from "zod";
import type { Act } from "../act.ts";
import { ApiError } from "../api/errors.ts";
import type { Filter } from "../listing.ts";
import type { Kind, Kinds } from "../wire.ts";

/** What a request asks for beside its parameters. */
export interface Asked {
  /** The `:id` of its path. */
  id: string;
  path: string;
  /** What stands behind its path. */
  query: URLSearchParams;
}

export interface SecondRoute {
  method: "DELETE" | "GET" | "POST";
  path: string;
  /** Checks what was sent; what it returns does the work. */
  prepare(sent: unknown): (act: Act, asked: Asked) => object;
}

/** Describes a route of the second API, whose parameters are JSON, or a query where there is no body. */
export const route = <Given>(
  method: SecondRoute["method"],
  path: string,
  params: z.ZodType<Given>,
  run: (act: Act, given: Given, asked: Asked) => object,
): SecondRoute => ({
  method,
  path,
  prepare(sent) {
    const given = params.safeParse(sent);
    if (!given.success) throw invalidFields(z.prettifyError(given.error));
    return (act, asked) => run(act, given.data, asked);
  },
});

export const invalidFields = (problem: string) => new ApiError(400, problem, { code: "invalid_fields" });

/** One text, or several: `types=a`, `types[0]=a`. */
export const texts = <Item extends z.ZodType>(item: Item, most = 100) =>
  z.preprocess((value) => (typeof value === "string" ? [value] : value), z.array(item).max(most)).optional();

export const paging = {
  limit: z.coerce.number().int().min(1).max(100).optional(),
  page: z.string().optional(),
};

/** How many there are on a page where nobody says it. */
const USUAL = 20;

/** A page of stored objects, the newest first, with the addresses of those beside it. */
export function pageOf<K extends Kind>(
  { store }: Act,
  kind: K,
  filters: readonly Filter[],
  { limit = USUAL, page }: { limit?: number | undefined; page?: string | undefined },
  asked: Asked,
  show: (object: Kinds[K]) => object,
) {
  const place = page === undefined ? undefined : placeOf(page);
  if (place && store.findAny(place.id)?.object.object !== kind) throw invalidFields(`No such page: ${page}`);
  const { data, more } = store.list(kind, filters, {
    limit,
    ...(place?.way === "after" && { after: place.id }),
    ...(place?.way === "before" && { before: place.id }),
  });
  const isBefore = place?.way === "before";
  const [first, last] = [idOf(data[0]), idOf(data.at(-1))];
  const address = (way: Place["way"], id: string) => {
    const query = new URLSearchParams(asked.query);
    query.set("page", `page_${way}_${id}`);
    return `${asked.path}?${query}`;
  };
  return {
    data: data.map(show),
    next_page_url: last !== undefined && (more || isBefore) ? address("after", last) : null,
    previous_page_url: first !== undefined && (isBefore ? more : place) ? address("before", first) : null,
  };
}

interface Place {
  way: "after" | "before";
  id: string;
}

function placeOf(page: string): Place {
  const [, way, id = ""] = /^page_(after|before)_(\w+)$/.exec(page) ?? [];
  if (way === "after" || way === "before") return { id, way };
  throw invalidFields(`No such page: ${page}`);
}

const idOf = (object: object | undefined): string | undefined =>
  object && "id" in object && typeof object.id === "string" ? object.id : undefined;
