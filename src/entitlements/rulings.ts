import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { database } from "#/db.ts";
import { type Failure, failure } from "#/errors.ts";
import { NO_FACTS, type RulingFact } from "#/orders/facts.ts";
import { applyChange } from "#/orders/orders.ts";

/**
 * An operator ends the access an order gives, or takes that back. It is written as a fact through the one writer of
 * orders, so that no later event of Stripe undoes it. `by` names the operator in the order's timeline.
 */
export async function rule(
  entitlementId: string,
  access: RulingFact["access"],
  by: string,
): Promise<{ ok: true } | Failure> {
  const entitlement = isUuid(entitlementId)
    ? await database()
        .db.selectFrom("entitlement")
        .select(["order_id", "product_key"])
        .where("id", "=", entitlementId)
        .executeTakeFirst()
    : undefined;
  if (!entitlement) return failure("not_found", "There is no such entitlement.");
  const ruling = { productKey: entitlement.product_key, access, at: Math.floor(Date.now() / 1000) };
  await applyChange({
    orderId: entitlement.order_id,
    facts: { ...NO_FACTS, rulings: { [uuidv7()]: ruling } },
    waits: false,
    actor: by,
    event: null,
  });
  return { ok: true };
}
