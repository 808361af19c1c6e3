import { sql } from "kysely";
import type { Engine } from "#/engine.ts";
import type { Attempt } from "#/orders/find-open.ts";

/**
 * The right to talk to Stripe about one attempt, so that many requests for a cart make one call. It only saves calls:
 * where it fails, the idempotency key and the guarded writes still keep one session.
 */

/** Who holds a lease renews it while it works (`holdLease`), so after a crash others wait no longer than this. */
export const LEASE = "5 seconds";
const LEASE_RENEWAL_MS = 2_000;
/** PostgreSQL counts microseconds, and a time that was read has none. */
const READ_MS = 2;

/**
 * Takes the right to talk to Stripe about an attempt as it was read; false when somebody else has it, Stripe has said that it is open
 * since then, or it is over.
 */
export async function leaseAttempt(
  engine: Engine,
  orderId: string,
  { attempt, seenOpenAt }: Pick<Attempt, "attempt" | "seenOpenAt">,
): Promise<boolean> {
  const last = seenOpenAt && new Date(seenOpenAt.getTime() + READ_MS);
  const { numUpdatedRows } = await engine.database.db
    .updateTable("checkout_attempt")
    .set({ lease_until: sql`now() + ${LEASE}::interval` })
    .where("order_id", "=", orderId)
    .where("attempt", "=", attempt)
    .where("closed_at", "is", null)
    .where((where) => where.or([where("seen_open_at", "is", null), where("seen_open_at", "<", last)]))
    .where((where) =>
      where.or([where("lease_until", "is", null), where("lease_until", "<=", sql<Date>`now()`)]),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Does work under a lease the caller has, and keeps the lease alive until the work is done. */
export async function holdLease<T>(
  engine: Engine,
  orderId: string,
  attempt: number,
  work: () => Promise<T>,
): Promise<T> {
  const renewal = setInterval(() => {
    engine.database.db
      .updateTable("checkout_attempt")
      .set({ lease_until: sql`now() + ${LEASE}::interval` })
      .where("order_id", "=", orderId)
      .where("attempt", "=", attempt)
      .where("lease_until", "is not", null)
      .execute()
      // A lease that can't be renewed only lets others repeat the same call.
      .catch(() => {});
  }, LEASE_RENEWAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
  }
}

/** Gives the lease back without a session, so that the next request may repeat the call at once. */
export async function releaseAttempt(engine: Engine, orderId: string, attempt: number): Promise<void> {
  await engine.database.db
    .updateTable("checkout_attempt")
    .set({ lease_until: null })
    .where("order_id", "=", orderId)
    .where("attempt", "=", attempt)
    .execute();
}

/** Keeps that Stripe said its session is open, and gives the lease back. */
export async function markSeenOpen(engine: Engine, orderId: string, attempt: number): Promise<void> {
  await engine.database.db
    .updateTable("checkout_attempt")
    .set({ seen_open_at: sql`now()`, lease_until: null })
    .where("order_id", "=", orderId)
    .where("attempt", "=", attempt)
    .execute();
}

/** Ends an attempt: its session can't be paid any more, or its call can't succeed any more. */
export async function closeAttempt(engine: Engine, orderId: string, attempt: number): Promise<void> {
  await engine.database.db
    .updateTable("checkout_attempt")
    .set({ closed_at: sql`coalesce(closed_at, now())`, lease_until: null })
    .where("order_id", "=", orderId)
    .where("attempt", "=", attempt)
    .execute();
}

/**
 * Ends attempts that never got a session and whose call can't be repeated any more: the time it asked for is over, or the
 * day for which Stripe remembers its key. If Stripe made a session all the same, nobody has seen it.
 */
export async function closeUnanswered(engine: Engine): Promise<void> {
  await engine.database.query(
    `update oncepaid.checkout_attempt a set closed_at = now(), lease_until = null
       from oncepaid."order" o
      where o.id = a.order_id and o.attempt = a.attempt and o.status = 'PENDING'
        and a.session_id is null and a.closed_at is null and coalesce(a.lease_until < now(), true)
        and coalesce(to_timestamp((a.parameters ->> 'expires_at')::double precision),
                     a.created_at + interval '24 hours') < now() - interval '5 minutes'`,
  );
}
