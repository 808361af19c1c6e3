import type { z } from "zod";
import type { Act } from "../act.ts";
import type { Filter } from "../listing.ts";
import type { Kind, Kinds } from "../wire.ts";
import type { Answer, Endpoint, Ids } from "./endpoint.ts";
import { endpoint, readFor } from "./endpoint.ts";
import { equals, listOf, shownAs, within } from "./lists.ts";
import { hash, paging, range, read, text } from "./params.ts";

/**
 * What a list can be narrowed by: each parameter reads what was asked and says which objects that leaves. Where this depends on the moment,
 * it is a function that is asked then.
 */
export type By = Record<string, z.ZodType<readonly Filter[] | ((act: Act) => readonly Filter[]) | undefined>>;

/** A parameter that names what a field must be. `is("status")` reads any text; a second argument reads something else. */
export const is = (field: string, value: z.ZodType<string | boolean> = text()) =>
  value.transform((asked) => equals(field, asked)).optional();

export const isOneOf = (field: string, values: z.ZodType<string[]>) =>
  values.transform((asked): Filter[] => [{ field, is: "in", value: asked }]).optional();

export const isWithin = (field: string) =>
  range()
    .transform((asked) => within(asked, field))
    .optional();

export const createdWithin = () => isWithin("created");

/** For what no object of the sandbox has: whatever is asked for, there is none. */
export const leavesNothing = () =>
  text()
    .transform((): Filter[] => [{ field: "id", is: "=", value: "" }])
    .optional();

const OFF_TEST_CLOCKS: readonly Filter[] = [{ field: "test_clock", is: "=", value: null }];

/**
 * `GET` of a list: its pages, newest first. `of` says which objects belong to it at all, and refuses when what the path
 * names isn't there; `show` says how one looks now, where that depends on the moment.
 */
export function listRoute<K extends Kind>(route: {
  kind: K;
  path: string;
  by?: By;
  of?(act: Act, ids: Ids): readonly Filter[];
  /** What lives on a test clock is only listed for who asks for it by one of these parameters. */
  onTestClocksBy?: readonly string[];
  show?(act: Act, object: Kinds[K]): object;
}): Endpoint {
  const { kind, path, by = {}, of, onTestClocksBy, show } = route;
  return {
    method: "GET",
    path,
    params: hash({ ...by, ...paging }),
    prepare(raw) {
      const isPaging = ([name]: [string, unknown]) => Object.hasOwn(paging, name);
      const { asked = [], place = [] } = Object.groupBy(Object.entries(raw), (one) =>
        isPaging(one) ? "place" : "asked",
      );
      const said = readFor({ method: "GET", path }, hash(by), Object.fromEntries(asked));
      const narrowed = Object.values(said);
      const page = read(hash(paging), Object.fromEntries(place));
      const hidden = onTestClocksBy?.every((name) => raw[name] === undefined) ? OFF_TEST_CLOCKS : [];
      return (act, ids) => {
        const own = of?.(act, ids) ?? [];
        const filters = narrowed.flatMap((some) => (typeof some === "function" ? some(act) : (some ?? [])));
        const url = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? "");
        const list = listOf(act, kind, url, page, [...own, ...filters, ...hidden]);
        return show ? shownAs(list, (object) => show(act, object)) : list;
      };
    },
  };
}

/** `GET` of one object. `find` refuses when it isn't there. */
export const retrieveRoute = (path: string, find: (act: Act, id?: string) => Answer): Endpoint =>
  endpoint({ method: "GET", path, params: hash({}), run: (act, _, { id }) => find(act, id) });
