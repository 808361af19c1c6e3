import { sql } from "kysely";
import type { Line } from "#/catalog/cart.ts";
import type { Engine } from "#/engine.ts";
import { type TooMuchHeld, tooMuchHeld } from "#/orders/hold-limits.ts";
import { type Hold, isNoSpot, moveHold } from "#/orders/holds.ts";
import { LEASE } from "#/orders/lease.ts";
import type { SessionParameters } from "#/stripe/sessions.ts";

/**
 * The attempts to pay an order. One is committed before Stripe is called, and carries the exact call, so that anybody can repeat
 * it after a crash. The first comes with its order (create.ts).
 */

export type NewAttempt = {
  /** The language the buyer reads. */
  locale: string;
  /** The buyer's, where it is known before they pay. */
  email: string | undefined;
  mode: "payment" | "subscription";
  items: readonly Line[];
  /** The places it keeps for as long as its session can be paid. */
  hold: Hold | null;
  parameters: SessionParameters;
  idempotencyKey: string;
};

/**
 * Begins the next attempt of an unpaid order, leased to the caller, with the items and the hold as they are now, or
 * does none of it: `moved_on` when it was paid or another request began that attempt first, `no_spot` when the slot
 * hasn't that many places.
 */
export async function beginNextAttempt(
  engine: Engine,
  orderId: string,
  previous: number,
  next: NewAttempt,
): Promise<"begun" | "moved_on" | "no_spot" | TooMuchHeld> {
  try {
    return await begin(engine, orderId, previous, next);
  } catch (error) {
    if (isNoSpot(error)) return "no_spot";
    throw error;
  }
}

function begin(engine: Engine, orderId: string, previous: number, next: NewAttempt) {
  return engine.database.db
    .transaction()
    .execute(async (trx): Promise<"begun" | "moved_on" | TooMuchHeld> => {
      const owner = await trx
        .selectFrom("order")
        .select("user_id")
        .where("id", "=", orderId)
        .executeTakeFirst();
      const asked = { orderId, userId: owner?.user_id ?? "", hold: next.hold };
      const refusal = await tooMuchHeld(trx, engine.settings.holds, asked);
      if (refusal) return refusal;
      const begun = await trx
        .updateTable("order")
        .set({
          attempt: previous + 1,
          status: "PENDING",
          mode: next.mode,
          locale: next.locale,
          email: sql`case when email_corrected_at is null then coalesce(${next.email ?? null}, email) else email end`,
          stripe_checkout_session_id: null,
          amount_total: null,
          currency: null,
          version: sql`version + 1`,
          updated_at: sql`now()`,
        })
        .where("id", "=", orderId)
        .where("attempt", "=", previous)
        .where("paid_at", "is", null)
        .where("status", "in", ["PENDING", "CANCELED", "FAILED"])
        .executeTakeFirst();
      if (begun.numUpdatedRows === 0n) return "moved_on";
      await trx
        .updateTable("checkout_attempt")
        .set({ closed_at: sql`coalesce(closed_at, now())`, lease_until: null })
        .where("order_id", "=", orderId)
        .where("attempt", "=", previous)
        .execute();
      await trx.deleteFrom("order_item").where("order_id", "=", orderId).execute();
      await trx
        .insertInto("order_item")
        .values(
          next.items.map(({ productKey, quantity, price, stripePriceId }) => ({
            order_id: orderId,
            product_key: productKey,
            quantity,
            price,
            stripe_price_id: stripePriceId,
          })),
        )
        .execute();
      await trx
        .insertInto("checkout_attempt")
        .values({
          order_id: orderId,
          attempt: previous + 1,
          parameters: JSON.stringify(next.parameters),
          idempotency_key: next.idempotencyKey,
          lease_until: sql`now() + ${LEASE}::interval`,
        })
        .execute();
      await moveHold(trx, orderId, next.hold);
      return "begun";
    });
}
