import type { AuditFilter } from "oncepaid";
import type { SearchParams } from "#/ui/admin/order-query.ts";

/** What stands in the address of the list, and of its export. Days are UTC's, the last one included. */
export type AuditQuery = {
  by?: string | undefined;
  area?: Area | undefined;
  from?: string | undefined;
  until?: string | undefined;
  after?: string | undefined;
};

/** What acts are about, as the engine and the shop name it: the first part of "slot.created". */
export const AREAS = [
  "support",
  "slot",
  "booking",
  "seat",
  "download",
  "event",
  "job",
  "key",
  "endpoint",
  "operator",
  "person",
  "price",
  "reconcile",
  "schema",
] as const;

export type Area = (typeof AREAS)[number];

const DAY_MS = 86_400_000;

/** What isn't known is left out: an old bookmark shows more, not an error. */
export function readAuditQuery(params: SearchParams): AuditQuery {
  const text = (name: string) => {
    const given = params[name];
    return typeof given === "string" && given.trim() !== "" ? given.trim() : undefined;
  };
  const day = (name: string) => {
    const given = text(name);
    return given !== undefined && /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(Date.parse(given))
      ? given
      : undefined;
  };
  return {
    by: text("by"),
    area: AREAS.find((area) => area === text("area")),
    from: day("from"),
    until: day("until"),
    after: text("after"),
  };
}

/** The way back: where the same acts are listed, or exported. */
export function auditQuery(asked: AuditQuery): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? "" : `?${query}`;
}

/** A person is typed by address and written down by account; a key or a command as it is named. */
export async function auditFilter(
  { by, area, from, until, after }: AuditQuery,
  accountOf: (email: string) => Promise<string | undefined>,
): Promise<AuditFilter> {
  return {
    by: by === undefined ? undefined : ((await accountOf(by.toLowerCase())) ?? by),
    what: area,
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(Date.parse(until) + DAY_MS),
    after,
  };
}
