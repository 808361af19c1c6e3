import type { Catalog } from "#/catalog/catalog.ts";
import { givePaymentBack } from "#/checkout/refund.ts";
import type { Engine } from "#/engine.ts";
import { applyChange } from "#/orders/apply.ts";
import { mustBeAtStripe } from "#/orders/at-stripe.ts";
import { forgetStop, tellStopped } from "#/orders/billing-stops.ts";
import { readKnown } from "#/orders/read.ts";
import type { StopBilling } from "#/outbox/jobs.ts";
import { derive } from "#/rules/derive.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import { unmeasuredCharges } from "#/rules/given-back.ts";
import type { GrantReason } from "#/rules/grants.ts";
import { renews } from "#/rules/kinds.ts";
import { isOver } from "#/rules/subscription-state.ts";
import { chargeAmount } from "#/stripe/charges.ts";
import { paymentIntentsOf } from "#/stripe/invoices.ts";
import { cancelSubscription, hasEnded, pauseCollection, resumeCollection } from "#/stripe/subscriptions.ts";

/** What is done about a subscription whose plan gives no access any more; `left`: a person is told. */
type Action = "canceled" | "paused" | "left";

/** Ends of access that nothing at Stripe follows from. */
const ENDED_FOR_GOOD: ReadonlySet<GrantReason> = new Set<GrantReason>([
  "operator",
  "refunded",
  "partially_refunded",
  "dispute_lost",
]);

type Order = {
  id: string;
  status: string;
  locale: string;
  amountTotal: number | null;
  subscriptionId: string | null;
  facts: Facts;
  items: string[];
  /** What it ever gave of plans. */
  plans: { state: string; reason: GrantReason | null }[];
};

/**
 * Nobody is billed for a plan that gives no access: its subscription is canceled or paused, or a person is told, as the product's
 * policy says. What is to be done is written down before Stripe is asked, so that whoever comes after a crash goes on where the
 * other stopped, and whoever comes at the same time tells of it once. Throws when it is to be tried again.
 */
export async function stopBilling(
  engine: Engine,
  key: string,
  { orderId, cause }: StopBilling,
): Promise<void> {
  const known = await read(engine, orderId);
  if (!known) return;
  const order = (await measure(engine, known)) ? await read(engine, orderId) : known;
  if (!order) return;
  // It may have been mended since the job was written.
  const endsNow = cause === "duplicate" ? await isDuplicate(engine, order) : hasEndedForGood(order);
  if (endsNow) await begin(engine, order, cause);
  for (const { subscriptionId, action } of await begun(engine, order, cause)) {
    if (endsNow || (await wasDone(engine, order, { subscriptionId, action }))) {
      await carryOut(engine, key, { order, cause, subscriptionId, action });
    } else {
      if (action === "paused") await takeBack(engine, order, subscriptionId);
      await forgetStop(engine, { subscriptionId, cause });
    }
  }
}

async function read({ database }: Engine, orderId: string): Promise<Order | undefined> {
  const { rows } = await database.query<Order>(
    `select o.id, o.status, o.locale, o.amount_total as "amountTotal",
            o.stripe_subscription_id as "subscriptionId", o.facts,
            array(select i.product_key from oncepaid.order_item i where i.order_id = o.id) as items,
            (select coalesce(json_agg(json_build_object('state', e.state, 'reason', e.reason)), '[]')
               from oncepaid.entitlement e where e.order_id = o.id and e.kind = 'plan') as plans
       from oncepaid."order" o where o.id = $1`,
    [orderId],
  );
  return rows[0];
}

/**
 * Asks Stripe how much the payments were that banks took something of, where nobody has told: a part of a renewal is no reason to end
 * a plan, whatever its first payment was. Of a charge that Stripe doesn't have, what the bank took is all. False where nothing was
 * learned.
 */
async function measure(engine: Engine, { id, facts }: Order): Promise<boolean> {
  const amounts: Facts["charges"] = {};
  for (const { charge, lost, guessed } of unmeasuredCharges(facts)) {
    const found = await chargeAmount(engine.stripe, charge);
    if (found === undefined) await mustBeAtStripe(engine, id);
    const amount = found ?? (guessed === undefined ? lost : undefined);
    if (amount !== undefined) amounts[charge] = { amount };
  }
  if (Object.keys(amounts).length === 0) return false;
  const told = { ...NO_FACTS, charges: amounts };
  await applyChange(engine, { orderId: id, facts: told, waits: false, actor: "stripe", event: null });
  return true;
}

/** It is paid, and the buyer has the plan that its subscription is for now through another order. */
async function isDuplicate(engine: Engine, { id, plans, status }: Order): Promise<boolean> {
  if (status !== "PAID" || !plans.every(({ state }) => state === "ended")) return false;
  const [known] = await readKnown(engine, [{ eventId: null, orderId: id, links: [] }]);
  if (!known?.order) return false;
  const { grants } = derive(known.order.facts, known.order);
  const wanted = grants.filter((grant) => renews(grant) && grant.state !== "ended");
  const { rows } = await engine.database.query(
    `select from oncepaid.entitlement e join oncepaid."order" o on o.id = $1 and o.user_id = e.user_id
      where e.product_key = any ($2) and e.kind = 'plan' and e.state <> 'ended' and e.order_id <> o.id limit 1`,
    [id, wanted.map(({ productKey }) => productKey)],
  );
  return rows.length > 0;
}

function hasEndedForGood({ plans }: Order): boolean {
  return (
    plans.length > 0 &&
    plans.every(({ state }) => state === "ended") &&
    plans.some(({ reason }) => reason !== null && ENDED_FOR_GOOD.has(reason))
  );
}

/** Writes down what is to be done about each subscription that still runs. */
async function begin({ catalog, database }: Engine, order: Order, cause: string): Promise<void> {
  await database.query(
    `insert into oncepaid.billing_stop (stripe_subscription_id, cause, order_id, action)
     select unnest($1::text[]), $2, $3, $4 on conflict do nothing`,
    [openSubscriptions(order), cause, order.id, actionFor(catalog, order, cause)],
  );
}

function actionFor(catalog: Catalog, order: Order, cause: string): Action {
  const policies = order.items.flatMap((productKey) => catalog.find(productKey)?.policy ?? []);
  const wanted = policies.find(({ onAccessEnded }) => onAccessEnded !== undefined)?.onAccessEnded ?? "cancel";
  if (wanted === "tell") return "left";
  // What was changed into a plan that is had already was used before, so how much of it is to go back is for a person to say.
  const wasUsed = cause === "duplicate" && order.plans.length > 0;
  return wanted === "pause" || wasUsed ? "paused" : "canceled";
}

function openSubscriptions({ facts, subscriptionId }: Order): string[] {
  const ids = new Set([...Object.keys(facts.subscriptions), ...(subscriptionId ? [subscriptionId] : [])]);
  return [...ids].filter((id) => {
    const known = facts.subscriptions[id];
    return known === undefined || !isOver(known.status);
  });
}

type Begun = { subscriptionId: string; action: Action };

async function begun({ database }: Engine, { id }: Order, cause: string): Promise<Begun[]> {
  const { rows } = await database.query<Begun>(
    `select stripe_subscription_id as "subscriptionId", action from oncepaid.billing_stop
      where order_id = $1 and cause = $2 and done_at is null order by 1`,
    [id, cause],
  );
  return rows;
}

/** Where it is to end no more, what was begun before is finished only if Stripe has ended the subscription already. */
async function wasDone(engine: Engine, { id }: Order, { subscriptionId, action }: Begun): Promise<boolean> {
  if (action !== "canceled") return false;
  const ended = await hasEnded(engine.stripe, subscriptionId);
  if (ended === undefined) await mustBeAtStripe(engine, id);
  return ended ?? true;
}

/** Whoever began to pause it may have died after that, before it was written down. */
async function takeBack(engine: Engine, { id }: Order, subscriptionId: string): Promise<void> {
  const ended = await hasEnded(engine.stripe, subscriptionId);
  // It would be forgotten, and with the right key nobody would collect it again.
  if (ended === undefined) await mustBeAtStripe(engine, id);
  if (ended === false) await resumeCollection(engine.stripe, subscriptionId);
}

async function carryOut(
  engine: Engine,
  key: string,
  { order, cause, subscriptionId, action }: Begun & { order: Order; cause: string },
): Promise<void> {
  const { stripe } = engine;
  if (action !== "left") {
    const done =
      action === "paused"
        ? pauseCollection(stripe, subscriptionId)
        : cancelSubscription(stripe, subscriptionId);
    // A person would be told that billing has stopped, while another account goes on with it.
    if (!(await done)) await mustBeAtStripe(engine, order.id);
  }
  if (action === "canceled" && cause === "duplicate") await giveBack(engine, key, order);
  const happening = { type: "billing.stopped", orderId: order.id, subscriptionId, cause, action } as const;
  if (!(await tellStopped(engine, { subscriptionId, cause }, happening, order))) return;
  engine.log.info({ order: order.id, subscription: subscriptionId, cause, action }, "billing stopped");
}

/** What was paid for a plan that the buyer had already. */
async function giveBack(engine: Engine, key: string, order: Order): Promise<void> {
  if (!order.amountTotal) return;
  const told = Object.values(order.facts.invoices).flatMap(({ paymentIntent }) => paymentIntent ?? []);
  const invoice = Object.values(order.facts.sessions).flatMap((session) => session.invoice ?? [])[0];
  const asked = told.length === 0 && invoice ? await paymentIntentsOf(engine.stripe, invoice) : told;
  if (asked.length === 0)
    throw new Error(`It isn't known yet with which payment order ${order.id} was paid.`);
  for (const paymentIntent of asked) {
    const why = { orderId: order.id, reason: "has_plan_already" };
    await givePaymentBack(engine, `${key}:${paymentIntent}`, paymentIntent, why);
  }
}
