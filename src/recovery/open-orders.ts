import { settle } from "#/checkout/settle.ts";
import { database } from "#/db.ts";
import { NO_FACTS } from "#/orders/facts.ts";
import { applyChange } from "#/orders/orders.ts";

const BATCH = 100;

/**
 * Orders whose last word is overdue: a session that ended minutes ago by its own time and of which nothing was
 * heard, money that came for something that could not be granted then, and access that time has changed. Asks
 * Stripe about the first, and derives the others once more.
 */
export async function settleOpenOrders(): Promise<number> {
  const { rows } = await database().pool.query<{ id: string; status: string; session: string | null }>(
    `(select o.id, o.status, null as session from "order" o where o.status = 'PAID'
       order by o.created_at limit ${BATCH})
     union all
     (select o.id, o.status, null from "order" o where o.recheck_at <= now() order by o.recheck_at limit ${BATCH})
     union all
     (select o.id, o.status, a.session_id
        from "order" o join checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is null
         and a.expires_at between now() - interval '30 days' and now() - interval '5 minutes'
       order by o.created_at limit ${BATCH})`,
  );
  let settled = 0;
  for (const { id, status, session } of rows) {
    if (status !== "PENDING") {
      const change = { orderId: id, facts: NO_FACTS, waits: false, actor: "sweep", event: null };
      await applyChange(change);
    } else if (session && (await settle(id, session, "sweep"))) {
      settled++;
    }
  }
  return settled;
}
