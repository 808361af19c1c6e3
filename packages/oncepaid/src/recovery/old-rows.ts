import { v7 as uuidv7 } from "uuid";
import type { Engine } from "#/engine.ts";

/** Rows of one statement, so that none holds its locks for long. */
const BATCH_SIZE = 1_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Removes facts that no order has claimed in 90 days: Stripe sends an event again for three days, and lists those of the last 30,
 * so no order will come for them. Then what the app keeps for a time only (`retention`): orders that were never paid, with all that
 * tells of them, the payloads of events, and what other servers were told. Returns how many rows that were. Two machines at once share them.
 */
export async function removeOldRows(engine: Engine): Promise<number> {
  const { unpaidOrdersDays, payloadsDays, webhooksDays } = engine.settings.retention;
  const unclaimed = await inBatches(engine, UNCLAIMED, []);
  const unpaid =
    unpaidOrdersDays === undefined ? 0 : await inBatches(engine, UNPAID, [orderIdsBefore(unpaidOrdersDays)]);
  const payloads = payloadsDays === undefined ? 0 : await inBatches(engine, PAYLOADS, [payloadsDays]);
  const webhooks = webhooksDays === undefined ? 0 : await inBatches(engine, WEBHOOKS, [webhooksDays]);
  return unclaimed + unpaid + payloads + webhooks;
}

async function inBatches(engine: Engine, text: string, values: readonly unknown[]): Promise<number> {
  let removed = 0;
  for (let batch = BATCH_SIZE; batch === BATCH_SIZE; removed += batch) {
    const { rows } = await engine.database.query<{ count: number }>(text, [BATCH_SIZE, ...values]);
    batch = rows[0]?.count ?? 0;
  }
  return removed;
}

/** The ids of orders begin with the milliseconds in which they were made. Source: RFC 9562, section 5.7. */
function orderIdsBefore(days: number): string {
  return uuidv7({ msecs: Date.now() - days * DAY_MS, seq: 0, random: new Uint8Array(16) });
}

const UNCLAIMED = `
  with removed as (
    delete from oncepaid.stripe_link where stripe_id in
      (select stripe_id from oncepaid.stripe_link
        where order_id is null and created_at < now() - interval '90 days' limit $1 for update skip locked)
    returning 1
  )
  select count(*)::integer as count from removed`;

/** Whatever gave access, was carried out by support or waits for a person keeps its order. */
const UNPAID = `
  with old as (
    select o.id from oncepaid."order" o
     where o.status in ('CANCELED', 'FAILED') and o.id < $2::uuid and o.paid_at is null
       and not exists (select from oncepaid.entitlement e where e.order_id = o.id)
       and not exists (select from oncepaid.seat s where s.order_id = o.id)
       and not exists (select from oncepaid.trial_card t where t.order_id = o.id)
       and not exists (select from oncepaid.support_action a where a.order_id = o.id)
       and not exists (select from oncepaid.billing_stop s where s.order_id = o.id)
       and not exists (select from oncepaid.booking b where b.order_id = o.id and b.state in ('held', 'booked'))
       and not exists (select from oncepaid.stripe_event e where e.order_id = o.id
                                                             and e.outcome in ('failed', 'quarantined'))
     limit $1 for update skip locked
  ),
  events as (delete from oncepaid.stripe_event e using old where e.order_id = old.id),
  links as (delete from oncepaid.stripe_link l using old where l.order_id = old.id),
  log as (delete from oncepaid.fulfillment_log f using old where f.order_id = old.id),
  changes as (delete from oncepaid.order_change c using old where c.order_id = old.id),
  bookings as (delete from oncepaid.booking b using old where b.order_id = old.id),
  removed as (delete from oncepaid."order" o using old where o.id = old.id returning 1)
  select count(*)::integer as count from removed`;

/** What failed or waits for a person is needed to be applied. */
const PAYLOADS = `
  with removed as (
    update oncepaid.stripe_event set payload = '{"removed":true}', payload_removed_at = now() where id in
      (select id from oncepaid.stripe_event
        where received_at < now() - make_interval(days => $2::integer) and payload_removed_at is null
          and outcome in ('applied', 'ignored') limit $1 for update skip locked)
    returning 1
  )
  select count(*)::integer as count from removed`;

/** With its tries. What waits stays. */
const WEBHOOKS = `
  with removed as (
    delete from oncepaid.webhook_delivery where id in
      (select id from oncepaid.webhook_delivery
        where settled_at < now() - make_interval(days => $2::integer) limit $1 for update skip locked)
    returning 1
  )
  select count(*)::integer as count from removed`;
