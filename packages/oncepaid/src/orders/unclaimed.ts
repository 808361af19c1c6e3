import type { Engine } from "#/engine.ts";
import type { Facts } from "#/rules/facts.ts";
import { isOver } from "#/rules/subscription-state.ts";

/**
 * Keeps a subscription to a plan of the catalog that no order has: made in Stripe's dashboard, by a payment link or an import. It
 * waits until it is known whose it is (support/claim-known.ts); one that has ended waits no more. Another integration's, of prices that were never sold here, is
 * not kept. `userId` is whose its metadata says it is. Safe to do twice and in any order: the newest state stays.
 */
export async function keepUnclaimed(
  { database }: Engine,
  { subscriptions }: Facts,
  userId: string | undefined,
): Promise<void> {
  for (const [id, state] of Object.entries(subscriptions)) {
    await (isOver(state.status)
      ? database.query("delete from oncepaid.unclaimed_subscription where stripe_subscription_id = $1", [id])
      : database.query(
          `insert into oncepaid.unclaimed_subscription (stripe_subscription_id, stripe_customer_id, product_key, state, user_id)
           select $1::text, $2::text, p.product_key, $3::jsonb, $5::text from oncepaid.price p
            where p.stripe_price_id = any ($4::text[])
              and not exists (select from oncepaid.stripe_link k where k.stripe_id = $1 and k.order_id is not null)
            order by p.product_key limit 1
           on conflict (stripe_subscription_id) do update
              set state = excluded.state, product_key = excluded.product_key, stripe_customer_id = excluded.stripe_customer_id,
                  user_id = excluded.user_id, tried_at = null, refused = null
            where (unclaimed_subscription.state ->> 'at')::bigint <= (excluded.state ->> 'at')::bigint`,
          [
            id,
            state.customer ?? null,
            JSON.stringify(state),
            state.items.map(({ price }) => price),
            userId ?? null,
          ],
        ));
  }
}
