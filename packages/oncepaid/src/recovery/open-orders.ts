import { settle } from "#/checkout/settle.ts";
import type { Engine } from "#/engine.ts";
import { applyChange } from "#/orders/apply.ts";
import { closeUnanswered } from "#/orders/lease.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** Where there are more, any of them: those that can't be settled for now must not hide the others. */
const BATCH = 100;

/** Orders whose last word is overdue. */
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
    `(select id from oncepaid."order" where status = 'PAID' order by random() limit ${BATCH})
     union
     (select id from oncepaid."order" where recheck_at <= now() order by recheck_at limit ${BATCH})
     union
     (select o.id from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is not null order by o.created_at limit ${BATCH})`,
  );
  for (const { id } of rows) {
    await applyChange(engine, { orderId: id, facts: NO_FACTS, waits: false, actor: "sweep", event: null });
  }
  return rows.length;
}

/**
 * A session that ended minutes ago by its own time and of which nothing was heard, or that still holds places then: Stripe
 * is asked. One that was completed with a delayed payment is heard of already: what becomes of the payment is told by an
 * event, or found by reconcile, and is not asked for every minute for days. Such an order keeps its places; those that hold
 * some come last, so that they hide no others.
 */
async function askAboutOverdueSessions(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ id: string; session: string }>(
    `(select o.id, a.session_id as session
        from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is null and a.session_id is not null
         and a.expires_at between now() - interval '30 days' and now() - interval '5 minutes'
         and not coalesce(o.facts -> 'sessions' -> a.session_id ? 'completedAt', false)
       order by random() limit ${BATCH})
     union
     (select o.id, a.session_id
        from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
        join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where b.state = 'held' and b.held_until < now() - interval '5 minutes' and a.session_id is not null
       order by o.facts -> 'sessions' -> a.session_id ? 'completedAt', b.held_until limit ${BATCH})`,
  );
  let settled = 0;
  for (const { id, session } of rows) if (await settle(engine, id, session, "sweep")) settled++;
  return settled;
}
