import type { Engine } from "#/engine.ts";
import { mustBeAtStripe } from "#/orders/at-stripe.ts";
import { forgetStop, tellStopped } from "#/orders/billing-stops.ts";
import { beganWithIt } from "#/rules/trial.ts";
import { cancelSubscription, cardOfSubscription } from "#/stripe/subscriptions.ts";

type Order = { locale: string; paidAt: number | null; trialStart: number | null };

/** Under this cause it stands among what was done about subscriptions. */
const CAUSE = "trial";

/**
 * A card, and an address, get the trial of a plan once. The card, and a visitor's address, are known only when the trial
 * has begun, so they are looked up then: the first order keeps its trial, a later one is canceled before anything is
 * charged. Nobody is charged at once for what was offered as free. Safe to do twice, and for several orders at once: that it is to be
 * canceled is written down before Stripe is asked, and whoever notes that it is done tells of it.
 */
export async function checkTrial(engine: Engine, orderId: string, subscriptionId: string): Promise<void> {
  const order = await read(engine, orderId, subscriptionId);
  // A trial that the shop gives later to somebody who pays is no trial of a newcomer.
  if (!order || !beganWithIt(order.trialStart ?? undefined, order.paidAt ?? undefined)) return;
  const found = await cardOfSubscription(engine.stripe, subscriptionId);
  // With a key of another account the card isn't known, and nothing can be canceled.
  if (found === undefined) await mustBeAtStripe(engine, orderId);
  const stop = { subscriptionId, cause: CAUSE };
  const { status, fingerprint } = found ?? { status: "canceled", fingerprint: null };
  if (fingerprint !== null) await keepCard(engine, orderId, fingerprint);
  // What is charged already is a plan that is paid for, and what has ended needs no canceling.
  if (status === "trialing" && (await hadIt(engine, orderId, fingerprint))) {
    await begin(engine, orderId, subscriptionId);
  } else if (status !== "canceled") {
    await forgetStop(engine, stop);
  }
  if (!(await isBegun(engine, subscriptionId))) return;
  if (!(await cancelSubscription(engine.stripe, subscriptionId))) await mustBeAtStripe(engine, orderId);
  await tellStopped(engine, stop, { type: "trial.refused", orderId }, { id: orderId, locale: order.locale });
}

async function read({ database }: Engine, orderId: string, subscriptionId: string) {
  const { rows } = await database.query<Order>(
    `select locale, extract(epoch from paid_at)::double precision as "paidAt",
            (facts -> 'subscriptions' -> $2::text ->> 'trialStart')::double precision as "trialStart"
       from oncepaid."order" where id = $1`,
    [orderId, subscriptionId],
  );
  return rows[0];
}

/** Whose trial was the first on it stays so. */
async function keepCard({ database }: Engine, orderId: string, fingerprint: string): Promise<void> {
  await database.query(
    `insert into oncepaid.trial_card (product_key, fingerprint, order_id)
     select product_key, $2::text, order_id from oncepaid.entitlement where order_id = $1 and kind = 'plan'
     on conflict do nothing`,
    [orderId, fingerprint],
  );
}

/** Whether the card had the trial of this plan, or the address the plan, with an order before. */
async function hadIt({ database }: Engine, orderId: string, fingerprint: string | null): Promise<boolean> {
  const { rows } = await database.query(
    `select from oncepaid."order" o join oncepaid.entitlement e on e.order_id = o.id and e.kind = 'plan'
      where o.id = $1
        and (exists (select from oncepaid.trial_card t
                      where t.product_key = e.product_key and t.fingerprint = $2::text and t.order_id <> o.id)
          or exists (select from oncepaid."order" p join oncepaid.entitlement had on had.order_id = p.id and had.kind = 'plan'
                      where lower(p.email) = lower(o.email) and p.paid_at is not null
                        and had.product_key = e.product_key and (p.paid_at, p.id) < (o.paid_at, o.id)))`,
    [orderId, fingerprint],
  );
  return rows.length > 0;
}

async function begin({ database }: Engine, orderId: string, subscriptionId: string): Promise<void> {
  await database.query(
    `insert into oncepaid.billing_stop (stripe_subscription_id, cause, order_id, action)
     values ($1, $2, $3, 'canceled') on conflict do nothing`,
    [subscriptionId, CAUSE, orderId],
  );
}

async function isBegun({ database }: Engine, subscriptionId: string): Promise<boolean> {
  const { rows } = await database.query(
    "select from oncepaid.billing_stop where stripe_subscription_id = $1 and cause = $2 and done_at is null",
    [subscriptionId, CAUSE],
  );
  return rows.length > 0;
}
