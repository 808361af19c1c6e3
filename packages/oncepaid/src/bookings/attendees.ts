import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { pageOf, pageSize } from "#/page.ts";

/** An order with places in a date, as whoever stands at the door needs it. */
export type Attendee = {
  orderId: string;
  /** As the buyer wrote it on Stripe's page. */
  name: string | null;
  email: string | null;
  places: number;
  /** `held` while it is being paid, then `booked`; `released` and `refused` have no place any more. */
  state: "held" | "booked" | "released" | "refused";
  /** ISO 8601 in UTC; null while they have not come. */
  checkedInAt: string | null;
};

export type AttendeesRequest = {
  /** Those who hold or have a place; `all` of them where it is true. */
  all?: boolean | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  /** At most 500; 100 where nothing is said. */
  limit?: number | undefined;
};

/** `next` asks for the page that follows; null where there is none. */
export type AttendeePage = { attendees: Attendee[]; next: string | null };

const SIZES = { usual: 100, largest: 500 };

/** Who comes to a date, in the order in which they bought. */
export async function attendeesOf(
  engine: Engine,
  slotId: string,
  { all = false, after, limit }: AttendeesRequest,
): Promise<AttendeePage> {
  if (!isUuid(slotId) || (after !== undefined && !isUuid(after))) return { attendees: [], next: null };
  const size = pageSize(limit, SIZES);
  const { rows } = await engine.database.query<Row>(ATTENDEES, [slotId, all, after ?? null, size + 1]);
  const { page, next } = pageOf(rows, size, ({ orderId }) => orderId);
  return {
    attendees: page.map(({ checkedInAt, ...row }) => ({
      ...row,
      checkedInAt: checkedInAt?.toISOString() ?? null,
    })),
    next,
  };
}

type Row = Omit<Attendee, "checkedInAt"> & { checkedInAt: Date | null };

const ATTENDEES = `
  select b.order_id as "orderId", jsonb_path_query_first(o.facts, '$.sessions.*.name') #>> '{}' as name,
         coalesce(o.email, jsonb_path_query_first(o.facts, '$.sessions.*.email') #>> '{}') as email,
         b.places, b.state, case when b.state = 'booked' then b.checked_in_at end as "checkedInAt"
    from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
   where b.slot_id = $1 and ($2 or b.state in ('held', 'booked')) and ($3::uuid is null or b.order_id > $3)
   order by b.order_id limit $4`;
