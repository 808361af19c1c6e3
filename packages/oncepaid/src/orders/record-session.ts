import { isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { allOrEach, gathered } from "#/orders/gather.ts";
import type { OpenedSession } from "#/stripe/sessions.ts";

/** The session Stripe made for an attempt, as it is kept before anybody is sent to it. Those of one moment are kept together. */

type Recording = {
  orderId: string;
  attempt: number;
  session: OpenedSession;
  /** By product. */
  unitAmounts: Record<string, number>;
};

/**
 * Keeps the session Stripe made for an attempt. `superseded` when the attempt was closed or replaced meanwhile, `taken`
 * when another order has this session already: in both cases it must not reach a buyer.
 */
export async function recordSession(
  engine: Engine,
  orderId: string,
  attempt: number,
  session: OpenedSession,
  unitAmounts: Record<string, number>,
): Promise<"recorded" | "superseded" | "taken"> {
  try {
    return await recordTogether(engine, { orderId, attempt, session, unitAmounts });
  } catch (error) {
    if (isUniqueViolation(error)) return "taken";
    throw error;
  }
}

const recordTogether = gathered<Recording, "recorded" | "superseded">({
  keysOf: ({ orderId }) => [orderId],
  carryOut: (engine, batch) => allOrEach(batch, (recordings) => record(engine, recordings)),
});

async function record(
  engine: Engine,
  recordings: readonly Recording[],
): Promise<(recording: Recording) => "recorded" | "superseded"> {
  const { rows } = await engine.database.query<{ id: string }>({ ...RECORD, values: valuesOf(recordings) });
  const recorded = new Set(rows.map(({ id }) => id));
  return ({ orderId }) => (recorded.has(orderId) ? "recorded" : "superseded");
}

/** `n between` and the lists in brackets: statements.ts says why. */
const RECORD = {
  name: "order-record-session",
  text: `
    with asked as materialized (
      select * from unnest((select $1::uuid[]), (select $2::integer[]), (select $3::text[]), (select $4::text[]),
                           (select $5::double precision[]), (select $6::bigint[]), (select $7::text[]), (select $8::text[]),
                           (select $9::text[]))
                      with ordinality as a(order_id, attempt, session_id, url, expires_at, amount_total, currency, amounts, client_secret, n)
       where n between 1 and 9999
    ), changed as (
      update oncepaid."order" o set
             stripe_checkout_session_id = case when o.paid_at is null then a.session_id
                                               else o.stripe_checkout_session_id end,
             amount_total = case when o.paid_at is null then a.amount_total else o.amount_total end,
             currency = coalesce(o.currency, a.currency),
             version = o.version + 1,
             updated_at = now()
        from asked a
       where o.id = a.order_id and o.attempt = a.attempt
         and exists (select from oncepaid.checkout_attempt c
                      where c.order_id = o.id and c.attempt = o.attempt and c.closed_at is null
                        and (c.session_id is null or c.session_id = a.session_id))
      returning o.id
    ), recorded as (
      update oncepaid.checkout_attempt c set
             session_id = a.session_id, url = a.url, client_secret = a.client_secret, expires_at = to_timestamp(a.expires_at),
             seen_open_at = now(), lease_until = null
        from changed join asked a on a.order_id = changed.id where c.order_id = changed.id and c.attempt = a.attempt
    ), priced as (
      update oncepaid.order_item i set unit_amount = p.unit_amount
        from changed join asked a on a.order_id = changed.id
       cross join jsonb_to_recordset(a.amounts::jsonb) as p(product_key text, unit_amount bigint)
       where i.order_id = changed.id and i.product_key = p.product_key
    )
    select id from changed`,
};

/** Always in the same order, so that two batches don't wait for each other's orders. */
function valuesOf(recordings: readonly Recording[]): unknown[] {
  const sorted = recordings.toSorted((one, other) => (one.orderId < other.orderId ? -1 : 1));
  const of = <T>(field: (recording: Recording) => T) => sorted.map(field);
  return [
    of(({ orderId }) => orderId),
    of(({ attempt }) => attempt),
    of(({ session }) => session.id),
    of(({ session }) => session.url),
    of(({ session }) => session.expiresAt),
    of(({ session }) => session.amountTotal),
    of(({ session }) => session.currency?.toLowerCase() ?? null),
    of(({ unitAmounts }) =>
      JSON.stringify(
        Object.entries(unitAmounts).map(([product_key, unit_amount]) => ({ product_key, unit_amount })),
      ),
    ),
    of(({ session }) => session.clientSecret),
  ];
}
