import { settle } from "#/checkout/settle.ts";
import type { Engine } from "#/engine.ts";
import { applyChange } from "#/orders/apply.ts";
import { closeUnanswered } from "#/orders/lease.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** Where more orders wait, they are picked at random: those that can't be settled for now must not keep the others from their turn. */
const BATCH_SIZE = 100;

/** Settles orders about which something should have been heard by now. Returns how many sessions had something new to tell. */
export async function settleOpenOrders(engine: Engine): Promise<number> {
  await closeUnanswered(engine);
  await deriveDueOrders(engine);
  return askAboutOverdueSessions(engine);
}

/**
 * Money that came for something that could not be granted then, access that time has changed, and attempts that were
 * given up: derived once more.
 */
export async function deriveDueOrders(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ id: string }>(
    `(select id from oncepaid."order" where status = 'PAID' order by random() limit ${BATCH_SIZE})
     union
     (select id from oncepaid."order" where recheck_at <= now() order by recheck_at limit ${BATCH_SIZE})
     union
     (select o.id from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is not null order by o.created_at limit ${BATCH_SIZE})`,
  );
  for (const { id } of rows) {
    await applyChange(engine, { orderId: id, facts: NO_FACTS, waits: false, actor: "sweep", event: null });
  }
  return rows.length;
}

/**
 * Asks Stripe about sessions whose time ended minutes ago, where nothing was heard of the end or a booking is still held. A
 * session that was completed with a delayed payment is left out: an event, or reconcile, will tell what becomes of the
 * payment, and asking every minute for days would not. Where such an order holds a booking it comes last, so that it keeps no
 * other from its turn.
 */
async function askAboutOverdueSessions(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ id: string; session: string }>(
    `(select o.id, a.session_id as session
        from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is null and a.session_id is not null
         and a.expires_at between now() - interval '30 days' and now() - interval '5 minutes'
         and not coalesce(o.facts -> 'sessions' -> a.session_id ? 'completedAt', false)
       order by random() limit ${BATCH_SIZE})
     union
     (select o.id, a.session_id
        from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
        join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where b.state = 'held' and b.held_until < now() - interval '5 minutes' and a.session_id is not null
       order by o.facts -> 'sessions' -> a.session_id ? 'completedAt', b.held_until limit ${BATCH_SIZE})`,
  );
  let settled = 0;
  for (const { id, session } of rows) if (await settle(engine, id, session, "sweep")) settled++;
  return settled;
}
