import { z } from "zod";
import { ApiError } from "../api/errors.ts";
import { snapshotId, thinOf } from "../events/thin.ts";
import type { Filter } from "../listing.ts";
import { pageOf, paging, route, texts } from "./route.ts";

const PATH = "/v2/core/events";

/** A moment, in seconds or as text: `1790000000`, `2026-09-21T13:33:20Z`. */
const moment = z.union([z.string(), z.number()]).transform((value, context) => {
  const seconds = /^\d+$/.test(String(value)) ? Number(value) : Date.parse(String(value)) / 1000;
  if (!Number.isNaN(seconds)) return seconds;
  context.addIssue({ code: "custom", message: `Invalid timestamp: ${value}` });
  return z.NEVER;
});

const listing = z.strictObject({
  ...paging,
  created: z
    .strictObject({
      gt: moment.optional(),
      gte: moment.optional(),
      lt: moment.optional(),
      lte: moment.optional(),
    })
    .optional(),
  object_id: z.string().optional(),
  types: texts(z.string(), 20),
});

function narrowedBy({ created = {}, object_id: about, types }: z.output<typeof listing>): Filter[] {
  const bounds = [
    [">", created.gt],
    [">=", created.gte],
    ["<", created.lt],
    ["<=", created.lte],
  ] as const;
  return [
    ...bounds.flatMap(([is, value]) => (value === undefined ? [] : [{ field: "created", is, value }])),
    ...(about ? [{ field: "data.object.id", is: "=", value: about } as const] : []),
    ...(types
      ? [{ field: "type", is: "in", value: types.map((type) => type.replace(/^v1\./, "")) } as const]
      : []),
  ];
}

/** What thin events are told of. */
export const events = [
  route("GET", PATH, listing, (act, given, asked) =>
    pageOf(act, "event", narrowedBy(given), given, asked, thinOf),
  ),
  route("GET", `${PATH}/:id`, z.strictObject({}), (act, _, { id }) => {
    const event = act.store.find("event", snapshotId(id));
    if (!event) throw new ApiError(404, `Event ${id} not found.`, { code: "not_found" });
    return thinOf(event);
  }),
];
