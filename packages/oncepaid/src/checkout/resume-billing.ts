import type { Engine } from "#/engine.ts";
import type { ResumeBilling } from "#/outbox/jobs.ts";
import { resumeCollection } from "#/stripe/subscriptions.ts";

type Paused = { subscriptionId: string; done: boolean };

/**
 * A plan whose collection was paused because its access had ended is collected again once it gives access: nobody has for nothing what
 * they bought. What a person has paused in Stripe's dashboard stays as it is. Throws when it is to be tried again.
 */
export async function resumeBilling(engine: Engine, _key: string, { orderId }: ResumeBilling): Promise<void> {
  if (!(await givesAccess(engine, orderId))) return;
  for (const { subscriptionId, done } of await pausedFor(engine, orderId)) {
    // Whoever began to pause it goes on after this, or finds that it isn't to be paused any more.
    if (!done) throw new Error(`Subscription ${subscriptionId} is being paused just now.`);
    await resumeCollection(engine.stripe, subscriptionId);
    await engine.database.query(
      `update oncepaid.billing_stop set resumed_at = now()
        where stripe_subscription_id = $1 and action = 'paused' and resumed_at is null`,
      [subscriptionId],
    );
    engine.log.info({ order: orderId, subscription: subscriptionId }, "billing resumed");
  }
}

async function givesAccess({ database }: Engine, orderId: string): Promise<boolean> {
  const { rows } = await database.query(
    "select from oncepaid.entitlement where order_id = $1 and kind = 'plan' and state = 'active'",
    [orderId],
  );
  return rows.length > 0;
}

async function pausedFor({ database }: Engine, orderId: string): Promise<Paused[]> {
  const { rows } = await database.query<Paused>(
    `select stripe_subscription_id as "subscriptionId", bool_and(done_at is not null) as done
       from oncepaid.billing_stop
      where order_id = $1 and action = 'paused' and resumed_at is null group by 1 order by 1`,
    [orderId],
  );
  return rows;
}
