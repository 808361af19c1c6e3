import { v7 as uuidv7 } from "uuid";
import { THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import { isUniqueViolation } from "#/database/errors.ts";
import { type SoldPrice, soldPrices } from "#/database/sold-prices.ts";
import type { Engine } from "#/engine.ts";
import { factsIn, ourOrder } from "#/events/reading.ts";
import { factsOf } from "#/events/routes.ts";
import { type Failure, failure } from "#/failure.ts";
import { applyChange } from "#/orders/apply.ts";
import { type ClaimedOrder, holderOf, insertClaimedOrder } from "#/orders/claim.ts";
import { shopIdOf } from "#/orders/shop-id.ts";
import { enqueue } from "#/outbox/jobs.ts";
import { currentPrices } from "#/prices/current.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import { merge } from "#/rules/merge.ts";
import { isOver } from "#/rules/subscription-state.ts";
import { type FoundSubscription, findSubscription } from "#/stripe/claim.ts";
import { type Asking, insertAction, OTHER_REQUEST } from "#/support/action.ts";
import { carryOutNow } from "#/support/carry-out.ts";

export type ClaimRequest = Asking & { userId: string };

export type Claimed = { ok: true; orderId: string };

const UNREACHED = failure("stripe_unavailable", "Stripe can't be asked right now; it is safe to try again.");
const UNKNOWN = failure("not_found", "Stripe has no such subscription.");
const OTHER_SHOP = failure(
  "invalid_request",
  "Another shop on the same Stripe account has sold this subscription.",
);
const OTHER_MODE = failure(
  "invalid_request",
  "The subscription is of another mode than this shop, test or live.",
);
const ENDED = failure("plan_ended", "This subscription has ended.");
const NOT_SOLD = failure(
  "invalid_request",
  "The subscription has no price of a plan in the catalog, nor one a plan was sold under before.",
);
const TAKEN = failure(
  "already_claimed",
  "This subscription belongs to another account's order; move that order instead.",
);
const HAS_IT = failure("already_subscribed", "This user has that plan already, through another order.");

/**
 * Gives a subscription that was made at Stripe by hand an order, and its plan to a user. Asked again for the same user it answers the
 * same. From then on it is an order like any other: what Stripe tells of the subscription decides.
 */
export async function claim(engine: Engine, id: string, request: ClaimRequest): Promise<Claimed | Failure> {
  const found = await findSubscription(engine.stripe, id).catch((error: unknown) => {
    engine.log.warn({ err: error, subscription: id }, "subscription not read");
    return UNREACHED;
  });
  if (!found) return UNKNOWN;
  if ("ok" in found) return found;
  const { metadata } = found.subscription;
  if (metadata.shop !== undefined && metadata.shop !== (await shopIdOf(engine))) return OTHER_SHOP;
  const holder = await holderOf(engine.database, id, ourOrder(metadata));
  if (holder) return answerFor(holder, request);
  const order = await orderFor(engine, found, request);
  if ("ok" in order) return order;
  return make(engine, order, request);
}

function answerFor(holder: { orderId: string; userId: string }, { userId }: ClaimRequest): Claimed | Failure {
  return holder.userId === userId ? { ok: true, orderId: holder.orderId } : TAKEN;
}

async function orderFor(
  engine: Engine,
  { subscription, invoice, payments }: FoundSubscription,
  { userId, by = THE_APP }: ClaimRequest,
): Promise<ClaimedOrder | Failure> {
  if (subscription.livemode !== (engine.settings.stripe.mode === "live")) return OTHER_MODE;
  if (isOver(subscription.status)) return ENDED;
  // Found prices are remembered by it, so what is sold now is known too.
  await currentPrices(engine);
  const items = itemsOf(subscription.items.data, await soldPrices(engine.database));
  if (items.length === 0) return NOT_SOLD;
  if (await hasOneOf(engine, userId, items, subscription.id)) return HAS_IT;
  const now = Math.floor(Date.now() / 1000);
  const email = invoice?.customer_email?.toLowerCase() ?? null;
  const customer =
    typeof subscription.customer === "string" ? subscription.customer : subscription.customer.id;
  const facts = [
    factsIn(factsOf("customer.subscription.updated", subscription, now)),
    ...(invoice?.status === "paid" ? [factsIn(factsOf("invoice.paid", invoice, now))] : []),
    ...payments.map((payment) => factsIn(factsOf("invoice_payment.paid", payment, now))),
    claimFact(subscription, { invoice, email, customer, by }),
  ].reduce(merge, NO_FACTS);
  return {
    id: uuidv7(),
    userId,
    email,
    locale: engine.settings.locales[0] ?? "en",
    livemode: subscription.livemode,
    subscription: subscription.id,
    customer,
    items,
    facts,
  };
}

function itemsOf(
  items: FoundSubscription["subscription"]["items"]["data"],
  sold: ReadonlyMap<string, SoldPrice>,
): ClaimedOrder["items"] {
  return items.flatMap(({ price: { id, unit_amount: unitAmount }, quantity = 1 }) => {
    const known = sold.get(id);
    return known
      ? [{ productKey: known.productKey, quantity, unitAmount, price: known.name, stripePriceId: id }]
      : [];
  });
}

/** It counts as paid since Stripe began it; whether it still gives access is its state's to say. */
function claimFact(
  { id, start_date, currency }: FoundSubscription["subscription"],
  {
    invoice,
    email,
    customer,
    by,
  }: { invoice: FoundSubscription["invoice"]; email: string | null; customer: string; by: string },
): Facts {
  const paid =
    invoice === undefined
      ? {}
      : { amountTotal: invoice.amount_paid, ...(invoice.status === "paid" && { invoice: invoice.id }) };
  const claim = { paidAt: start_date, currency, customer, by, ...paid, ...(email !== null && { email }) };
  return { ...NO_FACTS, claims: { [id]: claim } };
}

/** By another subscription: this one may be claimed for the same user at this very moment. */
async function hasOneOf(
  { database }: Engine,
  userId: string,
  items: readonly { productKey: string }[],
  subscription: string,
): Promise<boolean> {
  const { rows } = await database.query(
    `select from oncepaid.entitlement e join oncepaid."order" o on o.id = e.order_id
      where e.user_id = $1 and e.product_key = any ($2) and e.kind = 'plan' and e.state <> 'ended'
        and o.stripe_subscription_id is distinct from $3 limit 1`,
    [userId, items.map(({ productKey }) => productKey), subscription],
  );
  return rows.length > 0;
}

async function make(engine: Engine, order: ClaimedOrder, request: ClaimRequest): Promise<Claimed | Failure> {
  const { id: orderId, subscription, facts } = order;
  const { userId, by = THE_APP, note, key } = request;
  const asked = { what: "claim" as const, asked: { subscription, userId }, by, note, key };
  const call = { do: "claim" as const, subscription };
  try {
    const action = await inTransaction(engine.database, async (transaction) => {
      await insertClaimedOrder(transaction, order);
      const made = await insertAction(transaction, { id: uuidv7(), orderId, call, request: asked });
      const job = { queue: "support" as const, key: `support:${made.id}`, data: { actionId: made.id } };
      await enqueue(engine, transaction, [job]);
      return made;
    });
    await applyChange(engine, { orderId, facts, waits: false, actor: by, event: null });
    await carryOutNow(engine, action);
    return { ok: true, orderId };
  } catch (error) {
    if (isUniqueViolation(error, "support_action_key_key")) return OTHER_REQUEST;
    // Somebody else has claimed it at this very moment.
    const holder = isUniqueViolation(error) ? await holderOf(engine.database, subscription, null) : undefined;
    if (!holder) throw error;
    return answerFor(holder, request);
  }
}
