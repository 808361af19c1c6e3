import type { Engine } from "#/engine.ts";

/** A subscription to a plan of the catalog that no checkout has made, and nobody has said whose it is. */
export type UnclaimedSubscription = {
  subscriptionId: string;
  customerId: string | null;
  productKey: string;
  /** Stripe's word: `active`, `past_due` … */
  status: string;
  /** ISO 8601 in UTC: when Stripe first told of it. */
  seenAt: string;
};

type Row = Omit<UnclaimedSubscription, "seenAt"> & { seenAt: Date };

/** The newest hundred. `claim` takes one off the list. */
export async function unclaimed({ database }: Engine): Promise<UnclaimedSubscription[]> {
  const { rows } = await database.query<Row>(
    `select stripe_subscription_id as "subscriptionId", stripe_customer_id as "customerId", product_key as "productKey",
            state ->> 'status' as status, seen_at as "seenAt"
       from oncepaid.unclaimed_subscription order by seen_at desc, stripe_subscription_id limit 100`,
  );
  return rows.map((row) => ({ ...row, seenAt: row.seenAt.toISOString() }));
}
