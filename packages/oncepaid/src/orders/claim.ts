import type { Executor } from "#/database/database.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";

/** An order for a subscription that was made at Stripe by hand, so that no checkout has made one. Amounts are minor units. */
export type ClaimedOrder = {
  id: string;
  userId: string;
  email: string | null;
  locale: string;
  livemode: boolean;
  subscription: string;
  customer: string | null;
  items: {
    productKey: string;
    quantity: number;
    unitAmount: number | null;
    price: string | null;
    stripePriceId: string;
  }[];
  facts: Facts;
};

/** Whose a subscription is. */
export async function holderOf(
  { query }: Executor,
  subscription: string,
  named: string | null,
): Promise<{ orderId: string; userId: string } | undefined> {
  const { rows } = await query<{ orderId: string; userId: string }>(
    `select id as "orderId", user_id as "userId" from oncepaid."order"
      where stripe_subscription_id = $1 or id = $2::uuid
         or id = (select order_id from oncepaid.stripe_link where stripe_id = $1) limit 1`,
    [subscription, named],
  );
  return rows[0];
}

/**
 * Makes the order. Nobody pays it on a page: its only attempt is closed, which is why the sweep derives it where this process dies
 * before it could. The subscription stands in a unique column, so that of two orders for it one is refused.
 */
export async function insertClaimedOrder({ query }: Executor, order: ClaimedOrder): Promise<void> {
  // oncepaid-review-ignore access-on-success-page: a person claims what Stripe bills already; an order gives access by its facts alone
  await query(
    `with made as (
       insert into oncepaid."order" (id, cart_id, user_id, email, locale, mode, livemode, stripe_subscription_id,
                                     stripe_customer_id, facts)
       values ($1, $2, $3, $4, $5, 'subscription', $6, $7, $8, $9)
       returning id
     ), items as (
       insert into oncepaid.order_item (order_id, product_key, quantity, unit_amount, price, stripe_price_id)
       select made.id, i."productKey", i.quantity, i."unitAmount", i.price, i."stripePriceId"
         from made, jsonb_to_recordset($10::jsonb)
              as i("productKey" text, quantity integer, "unitAmount" bigint, price text, "stripePriceId" text)
     ), waited as (
       delete from oncepaid.unclaimed_subscription where stripe_subscription_id = $7
     )
     insert into oncepaid.checkout_attempt (order_id, attempt, parameters, idempotency_key, closed_at)
     select id, 1, '{}', $2, now() from made`,
    [
      order.id,
      `claimed:${order.subscription}`,
      order.userId,
      order.email,
      order.locale,
      order.livemode,
      order.subscription,
      order.customer,
      // What it is linked to is written by whoever applies its facts.
      JSON.stringify({ ...NO_FACTS, ...order.facts, links: {} }),
      JSON.stringify(order.items),
    ],
  );
}
