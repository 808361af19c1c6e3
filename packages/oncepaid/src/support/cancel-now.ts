import type { Engine } from "#/engine.ts";
import { factsOf } from "#/events/routes.ts";
import { applyChange } from "#/orders/apply.ts";
import { whyNotAtStripe } from "#/orders/at-stripe.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import type { FailedCall } from "#/stripe/errors.ts";
import { endNow, findSubscription } from "#/stripe/support-subscriptions.ts";
import { type Action, readOrder } from "#/support/action.ts";

type Canceled = { ok: true; id: string; note?: string } | (FailedCall & { elsewhere?: true });

const MISSING = "Stripe doesn't have this subscription, so what it gave was ended here.";
const UNCLEAR = "Stripe wouldn't cancel the subscription, and shows it as one that goes on.";

/**
 * Ends a subscription at Stripe. Of what Stripe ends now its events tell; of what was over before, or isn't there, no event has to come, so
 * it is applied here. Safe to run again and at once: each time the same facts are applied.
 */
export async function cancelNow(engine: Engine, action: Action, subscription: string): Promise<Canceled> {
  const ended = await endNow(engine.stripe, subscription);
  if (ended !== "missing") return ended;
  // Stripe answers for one that has ended as for one that it never had.
  const found = await findSubscription(engine.stripe, subscription);
  if (found === "missing") {
    const reason = action.orderId === null ? undefined : await whyNotAtStripe(engine, action.orderId);
    if (reason !== undefined) return { ok: false, refused: true, elsewhere: true, reason };
    await endHere(engine, action, subscription);
    return { ok: true, id: subscription, note: MISSING };
  }
  if ("ok" in found) return found;
  if (!found.isOver) return { ok: false, refused: false, reason: UNCLEAR };
  const reading = factsOf("customer.subscription.updated", found.object, Math.floor(Date.now() / 1000));
  if (reading.kind === "facts") await apply(engine, action, reading.facts, "stripe");
  return { ok: true, id: subscription };
}

/** One ruling for each plan that still gives something, however many ask for it; access that was restored since is ended again. */
async function endHere(engine: Engine, action: Action, subscription: string): Promise<void> {
  const order = action.orderId === null ? undefined : await readOrder(engine.database, action.orderId);
  if (!order) return;
  const { rows } = await engine.database.query<{ productKey: string }>(
    `select product_key as "productKey" from oncepaid.entitlement where order_id = $1 and kind = 'plan' and state <> 'ended'`,
    [order.id],
  );
  const at = Math.floor(Date.now() / 1000);
  const rulings = rows.map(({ productKey }): [string, Facts["rulings"][string]] => {
    const earlier = Object.values(order.facts.rulings).filter((ruling) => ruling.productKey === productKey);
    const restored = earlier.filter(({ access }) => access === "restored").length;
    return [`missing_${subscription}_${productKey}_${restored}`, { productKey, access: "ended", at }];
  });
  if (rulings.length > 0)
    await apply(engine, action, { ...NO_FACTS, rulings: Object.fromEntries(rulings) }, action.by);
}

async function apply(engine: Engine, { orderId }: Action, facts: Facts, actor: string): Promise<void> {
  if (orderId === null) return;
  await applyChange(engine, { orderId, facts, waits: false, actor, event: null });
}
