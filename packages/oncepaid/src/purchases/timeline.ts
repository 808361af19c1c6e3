import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import type { OrderSnapshot } from "#/rules/snapshot.ts";

/** What happened to an order, oldest first: by whom or by which event, and for a change what it was before and after. */
export type TimelineEntry = {
  /** ISO 8601 in UTC. */
  at: string;
  what: "order_created" | "session_opened" | "attempt_closed" | "changed" | "moved" | Supported;
  actor: string;
  stripeEventId: string | null;
  attempt: number | null;
  sessionId: string | null;
  before: OrderSnapshot | null;
  after: OrderSnapshot | null;
  /** What the change caused, as named in the fulfillment log. */
  effects: string[];
  /** What whoever did it has noted, and where Stripe refused it, why. */
  note: string | null;
};

/** What somebody asked for as support does. What came of a refund or a cancellation follows as a change. */
type Supported =
  | "refund"
  | "cancel"
  | "change_plan"
  | "correct"
  | "resend"
  | "grant"
  | "end"
  | "restore"
  | "move"
  | "claim"
  | "review"
  | "erase"
  | "move_booking"
  | "cancel_booking";

type Row = Omit<TimelineEntry, "at" | "stripeEventId" | "sessionId"> & {
  at: Date;
  stripe_event_id: string | null;
  session_id: string | null;
};

export async function timelineOf(engine: Engine, orderId: string): Promise<TimelineEntry[]> {
  if (!isUuid(orderId)) return [];
  const { rows } = await engine.database.query<Row>(TIMELINE, [orderId]);
  return rows.map(({ at, stripe_event_id, session_id, ...entry }) => ({
    ...entry,
    at: at.toISOString(),
    stripeEventId: stripe_event_id,
    sessionId: session_id,
  }));
}

/** What happened at one moment is told in the order in which it can have happened. */
const TIMELINE = `
  select * from (
    select created_at as at, 'order_created' as what,
           case when restored_at is null then 'checkout' else 'reconcile' end as actor,
           null as stripe_event_id, null::int as attempt, null as session_id,
           null::jsonb as before, null::jsonb as after, '{}'::text[] as effects, null as note
      from oncepaid."order" where id = $1
    union all
    select created_at, 'session_opened', 'checkout', null, attempt, session_id, null, null, '{}', null
      from oncepaid.checkout_attempt where order_id = $1 and session_id is not null
    union all
    select closed_at, 'attempt_closed', 'checkout', null, attempt, session_id, null, null, '{}', null
      from oncepaid.checkout_attempt where order_id = $1 and closed_at is not null
    union all
    select at, 'changed', actor, stripe_event_id, null, null, before, after, effects, null
      from oncepaid.order_change where order_id = $1
    union all
    select at, what, by, null, null, null, null, null, '{}', nullif(concat_ws('; ', note, refused), '')
      from oncepaid.support_action where order_id = $1
    union all
    select moved_at, 'moved', 'sign_in', null, null, null, null, null, '{}', null
      from oncepaid."order" o where id = $1 and moved_at is not null
       and not exists (select from oncepaid.support_action a
                        where a.order_id = o.id and a.what = 'move' and a.at = o.moved_at)
  ) as entry
  order by at, array_position(
    array['order_created', 'session_opened', 'claim', 'refund', 'cancel', 'change_plan', 'correct', 'resend', 'review', 'end', 'restore',
          'move_booking', 'cancel_booking', 'changed', 'attempt_closed', 'moved', 'move', 'erase'], what)`;
