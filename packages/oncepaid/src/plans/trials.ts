import type { Engine } from "#/engine.ts";
import { mustBeAtStripe } from "#/orders/at-stripe.ts";
import { tellAlone } from "#/outbox/tell.ts";
import { cancelSubscription, cardOfSubscription } from "#/stripe/subscriptions.ts";

/**
 * A card, and an address, get the trial of a plan once. The card, and a visitor's address, are known only when the trial
 * has begun, so they are looked up then: the first order keeps its trial, a later one is canceled before anything is
 * charged. Nobody is charged at once for what was offered as free. Safe to do twice, and for several orders at once.
 */
export async function checkTrial(engine: Engine, orderId: string, subscriptionId: string): Promise<void> {
  const { query } = engine.database;
  const found = await cardOfSubscription(engine.stripe, subscriptionId);
  // With a key of another account the card isn't known, and nothing can be canceled.
  if (found === undefined) await mustBeAtStripe(engine, orderId);
  const fingerprint = found ?? null;
  if (fingerprint !== null) {
    await query(
      `insert into oncepaid.trial_card (product_key, fingerprint, order_id)
       select product_key, $2::text, order_id from oncepaid.entitlement where order_id = $1 and kind = 'plan'
       on conflict do nothing`,
      [orderId, fingerprint],
    );
  }
  const { rows } = await query<{ locale: string }>(
    `select o.locale from oncepaid."order" o join oncepaid.entitlement e on e.order_id = o.id and e.kind = 'plan'
      where o.id = $1
        and (exists (select from oncepaid.trial_card t
                      where t.product_key = e.product_key and t.fingerprint = $2::text and t.order_id <> o.id)
          or exists (select from oncepaid."order" p join oncepaid.entitlement had on had.order_id = p.id and had.kind = 'plan'
                      where lower(p.email) = lower(o.email) and p.paid_at is not null
                        and had.product_key = e.product_key and (p.paid_at, p.id) < (o.paid_at, o.id)))`,
    [orderId, fingerprint],
  );
  const [refused] = rows;
  if (!refused) return;
  if (!(await cancelSubscription(engine.stripe, subscriptionId))) await mustBeAtStripe(engine, orderId);
  await tellAlone(engine, { type: "trial.refused", orderId }, { id: orderId, locale: refused.locale });
}
