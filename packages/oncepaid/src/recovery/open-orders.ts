import { giveUp } from "#/checkout/open-session.ts";
import { settle } from "#/checkout/settle.ts";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { applyChange } from "#/orders/apply.ts";
import { closeUnanswered } from "#/orders/lease.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** Where more orders wait, they are picked at random: those that can't be settled for now must not keep the others from their turn. */
const BATCH_SIZE = 100;

/** What a round over orders came to; `failed` says why, order by order. */
type Done = { changed: number; failed: string[] };

/**
 * Settles orders about which something should have been heard by now. Returns how many sessions had something new to tell. Throws once all had
 * their turn, where some of them failed.
 */
export async function settleOpenOrders(engine: Engine): Promise<number> {
  await closeUnanswered(engine);
  const derived = await deriveDueOrders(engine);
  const asked = await askAboutOverdueSessions(engine);
  const failed = [...derived.failed, ...asked.failed];
  if (failed.length > 0)
    throw new Error(`${failed.length} orders failed and are tried again. The first: ${failed[0]}`);
  return asked.changed;
}

/**
 * Money that came for something that could not be granted then, access that time has changed, and attempts that were
 * given up: derived once more.
 */
export async function deriveDueOrders(engine: Engine): Promise<Done> {
  const { rows } = await engine.database.query<{ id: string }>(
    `(select id from oncepaid."order" where status = 'PAID' order by random() limit ${BATCH_SIZE})
     union
     (select id from oncepaid."order" where recheck_at <= now() order by random() limit ${BATCH_SIZE})
     union
     (select o.id from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is not null order by random() limit ${BATCH_SIZE})`,
  );
  return each(engine, rows, async ({ id }) => {
    await applyChange(engine, { orderId: id, facts: NO_FACTS, waits: false, actor: "sweep", event: null });
    return true;
  });
}

/**
 * Asks Stripe about sessions whose time ended minutes ago, where nothing was heard of the end or a booking is still held. A
 * session that was completed with a delayed payment is left out: an event, or reconcile, will tell what becomes of the
 * payment, and asking every minute for days would not. Where such an order holds a booking it comes last, so that it keeps no
 * other from its turn.
 *
 * A session that the key's account doesn't have is of another account, or was deleted with all test data, and nothing will ever be heard of it
 * there. It can't be paid any more anywhere, so its attempt ends; a completion that is told later still counts.
 */
async function askAboutOverdueSessions(engine: Engine): Promise<Done> {
  const { rows } = await engine.database.query<{
    id: string;
    attempt: number;
    session: string;
    over: boolean;
  }>(
    `(select o.id, a.attempt, a.session_id as session, true as over
        from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where o.status = 'PENDING' and a.closed_at is null and a.session_id is not null
         and a.expires_at between now() - interval '30 days' and now() - interval '5 minutes'
         and not coalesce(o.facts -> 'sessions' -> a.session_id ? 'completedAt', false)
       order by random() limit ${BATCH_SIZE})
     union
     (select o.id, a.attempt, a.session_id,
             a.expires_at < now() - interval '5 minutes'
               and not coalesce(o.facts -> 'sessions' -> a.session_id ? 'completedAt', false)
        from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
        join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       where b.state = 'held' and b.held_until < now() - interval '5 minutes' and a.session_id is not null
       order by o.facts -> 'sessions' -> a.session_id ? 'completedAt', b.held_until limit ${BATCH_SIZE})`,
  );
  return each(engine, rows, async ({ id, attempt, session, over }) => {
    const settled = await settle(engine, id, session, "sweep");
    if (settled !== "missing" || !over) return settled === "changed";
    await giveUp(engine, id, attempt, "sweep");
    return true;
  });
}

/** One after the other. One that fails, as by a handler of the app's that throws, keeps no other from its turn. */
async function each<Row extends { id: string }>(
  engine: Engine,
  rows: readonly Row[],
  changes: (row: Row) => Promise<boolean>,
): Promise<Done> {
  const done: Done = { changed: 0, failed: [] };
  for (const row of rows) {
    try {
      if (await changes(row)) done.changed++;
    } catch (error) {
      engine.log.error({ err: error, order: row.id }, "open order not settled; it is tried again");
      done.failed.push(`order ${row.id}: ${messageOf(error)}`);
    }
  }
  return done;
}
