import { validate as isUuid, v7 as uuidv7 } from "uuid";
import type { Engine } from "#/engine.ts";
import { applyChange } from "#/orders/apply.ts";
import { NO_FACTS, type RulingFact } from "#/rules/facts.ts";

/** Whose access it is: of an order, or one that was given without. */
export type RuledAccess = { orderId: string | null; productKey: string };

export async function accessOf(engine: Engine, entitlementId: string): Promise<RuledAccess | undefined> {
  const entitlement = isUuid(entitlementId)
    ? await engine.database.db
        .selectFrom("entitlement")
        .select(["order_id", "product_key"])
        .where("id", "=", entitlementId)
        .executeTakeFirst()
    : undefined;
  return entitlement && { orderId: entitlement.order_id, productKey: entitlement.product_key };
}

/**
 * An operator ends the access an order gives to one of its products, or takes that back. It is written as a fact through the one
 * writer of orders, so that no later event of Stripe undoes it. `by` names the operator in the order's timeline. False where the place of a
 * booking that is given back can't be had any more: then nothing was written.
 */
export async function rule(
  engine: Engine,
  { orderId, productKey }: { orderId: string; productKey: string },
  access: RulingFact["access"],
  by: string,
): Promise<boolean> {
  const ruling = { productKey, access, at: await afterOthers(engine, orderId, productKey) };
  const { outcome } = await applyChange(engine, {
    orderId,
    facts: { ...NO_FACTS, rulings: { [uuidv7()]: ruling } },
    waits: false,
    actor: by,
    event: null,
  });
  return outcome !== "ignored";
}

/** Now, but after every ruling before it: another machine's clock may be ahead, and the last word is the one that was said last. */
async function afterOthers({ database }: Engine, orderId: string, productKey: string): Promise<number> {
  const { rows } = await database.query<{ newest: number | null }>(
    `select max((ruling ->> 'at')::double precision) as newest
       from oncepaid."order" o cross join lateral jsonb_path_query(o.facts, '$.rulings.*') as ruling
      where o.id = $1 and ruling ->> 'productKey' = $2`,
    [orderId, productKey],
  );
  return Math.max(Math.floor(Date.now() / 1000), (rows[0]?.newest ?? 0) + 1);
}

/** Ends the booking of a date that was canceled. It is one ruling, however often it is made. */
export async function endCanceledBooking(engine: Engine, orderId: string): Promise<void> {
  const booking = await engine.database.db
    .selectFrom("booking as b")
    .innerJoin("slot as s", "s.id", "b.slot_id")
    .select(["b.product_key", "s.canceled_at"])
    .where("b.order_id", "=", orderId)
    .executeTakeFirst();
  if (!booking?.canceled_at) return;
  const at = Math.floor(booking.canceled_at.getTime() / 1000);
  await applyChange(engine, {
    orderId,
    facts: {
      ...NO_FACTS,
      rulings: { date_canceled: { productKey: booking.product_key, access: "ended", at } },
    },
    waits: false,
    actor: "slot_canceled",
    event: null,
  });
}
