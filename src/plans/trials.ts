import { database } from "#/db.ts";
import { enqueue } from "#/jobs.ts";
import type { Locale } from "#/locale.ts";
import { cancelSubscription, cardOfSubscription } from "#/stripe/subscriptions.ts";

/**
 * A card gets the trial of a plan once. Which card it is, Stripe says only when the trial has begun, so it is looked up
 * then: the first order keeps its trial, a later one with the same card is canceled before anything is charged. Nobody
 * is charged at once for what was offered as free. Safe to do twice, and for several orders at once.
 */
export async function checkTrialCard(orderId: string, subscriptionId: string): Promise<void> {
  const fingerprint = await cardOfSubscription(subscriptionId);
  if (fingerprint === null) return;
  const { pool } = database();
  await pool.query(
    `insert into trial_card (product_key, fingerprint, order_id)
     select product_key, $2::text, order_id from entitlement where order_id = $1 and kind = 'plan'
     on conflict do nothing`,
    [orderId, fingerprint],
  );
  const { rows } = await pool.query<{ locale: Locale }>(
    `select o.locale from "order" o join entitlement e on e.order_id = o.id
       join trial_card t on t.product_key = e.product_key
      where o.id = $1 and t.fingerprint = $2 and t.order_id <> o.id`,
    [orderId, fingerprint],
  );
  const [refused] = rows;
  if (!refused) return;
  await cancelSubscription(subscriptionId);
  const data = { mail: "trial_refused", orderId, locale: refused.locale } as const;
  await enqueue(pool, [{ queue: "mail", key: `trial_refused:${orderId}`, data }]);
}
