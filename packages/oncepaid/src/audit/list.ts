import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { pageOf, pageSize } from "#/page.ts";

export type AuditFilter = {
  by?: string | undefined;
  /** "slot.created", or "slot" for everything that was done to dates. What support did about orders is "support.…". */
  what?: string | undefined;
  /** From this moment on. */
  from?: Date | undefined;
  /** Before this moment. */
  until?: Date | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  /** At most 100; 50 where nothing is said. */
  limit?: number | undefined;
};

export type AuditEntry = {
  id: string;
  /** ISO 8601 in UTC. */
  at: string;
  by: string;
  what: string;
  /** The id of what it was about, beside the order. */
  about: string | null;
  orderId: string | null;
  details: object;
  note: string | null;
};

/** `next` asks for the page that follows; null where there is none. */
export type AuditPage = { entries: AuditEntry[]; next: string | null };

const SIZES = { usual: 50, largest: 100 };

/** Everything that people, servers and commands did, the newest first. What support did about orders is among it. */
export async function listActs(engine: Engine, filter: AuditFilter): Promise<AuditPage> {
  const limit = pageSize(filter.limit, SIZES);
  if (filter.after !== undefined && !isUuid(filter.after)) return { entries: [], next: null };
  const { what, by = null, from, until, after = null } = filter;
  const { rows } = await engine.database.query<Row>(ENTRIES, [
    by,
    what?.includes(".") ? what : null,
    what?.includes(".") ? null : (what ?? null),
    from ? firstIdOf(from) : null,
    until ? firstIdOf(until) : null,
    after,
    limit + 1,
  ]);
  const { page, next } = pageOf(rows, limit, ({ id }) => id);
  return {
    entries: page.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
    next,
  };
}

const ENTRIES = `
  select id, at, by, what, about, "orderId", details, note from (
    (select id, at, by, what, about, null::uuid as "orderId", details, null as note
       from oncepaid.audit_entry
      where ($1::text is null or by = $1) and ($2::text is null or what = $2)
        and ($3::text is null or split_part(what, '.', 1) = $3)
        and ($4::uuid is null or id >= $4) and ($5::uuid is null or id < $5) and ($6::uuid is null or id < $6)
      order by id desc limit $7)
    union all
    (select id, at, by, 'support.' || what, entitlement_id::text, order_id,
            case when refused is null then asked else asked || jsonb_build_object('refused', refused) end - 'note' - 'support', note
       from oncepaid.support_action
      where ($1::text is null or by = $1) and ($2::text is null or 'support.' || what = $2)
        and ($3::text is null or $3 = 'support')
        and ($4::uuid is null or id >= $4) and ($5::uuid is null or id < $5) and ($6::uuid is null or id < $6)
      order by id desc limit $7)
  ) as entry order by id desc limit $7`;

type Row = Omit<AuditEntry, "at"> & { at: Date };

const MS_DIGITS = 12;

/** The ids that are made from a moment on are not below this one: they begin with its milliseconds (RFC 9562, version 7). */
function firstIdOf(moment: Date): string {
  const ms = moment.getTime().toString(16).padStart(MS_DIGITS, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
}
