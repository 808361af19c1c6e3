import type { Engine } from "#/engine.ts";

/** A subscription to a plan of the catalog that no checkout has made, and nobody has said whose it is. */
export type UnclaimedSubscription = {
  subscriptionId: string;
  customerId: string | null;
  productKey: string;
  /** Stripe's word: `active`, `past_due` … */
  status: string;
  /** Whose it is, as its metadata at Stripe says. */
  userId: string | null;
  /** Why it wasn't claimed for them by itself. */
  refused: string | null;
  /** ISO 8601 in UTC: when Stripe first told of it. */
  seenAt: string;
};

type Row = Omit<UnclaimedSubscription, "seenAt"> & { seenAt: Date };

/**
 * The newest hundred. `claim` takes one off the list. What Stripe tells of one at the moment of its claim may be kept after it, so whoever has
 * an order is asked here too.
 */
export async function unclaimed({ database }: Engine): Promise<UnclaimedSubscription[]> {
  const { rows } = await database.query<Row>(
    `select stripe_subscription_id as "subscriptionId", stripe_customer_id as "customerId", product_key as "productKey",
            state ->> 'status' as status, user_id as "userId", refused, seen_at as "seenAt"
       from oncepaid.unclaimed_subscription u
      where not exists (select from oncepaid."order" o where o.stripe_subscription_id = u.stripe_subscription_id)
      order by seen_at desc, stripe_subscription_id limit 100`,
  );
  return rows.map((row) => ({ ...row, seenAt: row.seenAt.toISOString() }));
}
