import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { mustBeAtStripe } from "#/orders/at-stripe.ts";
import type { ResumeBilling } from "#/outbox/jobs.ts";
import { tell } from "#/outbox/tell.ts";
import { resumeCollection } from "#/stripe/subscriptions.ts";

type Paused = { subscriptionId: string; done: boolean };

/**
 * A plan whose collection was paused because its access had ended is collected again once it gives access: nobody has for nothing what
 * they bought. Its buyer is told, once. What a person has paused in Stripe's dashboard stays as it is. Throws when it is to be tried again.
 */
export async function resumeBilling(engine: Engine, _key: string, { orderId }: ResumeBilling): Promise<void> {
  const locale = await givesAccess(engine, orderId);
  if (locale === undefined) return;
  for (const { subscriptionId, done } of await pausedFor(engine, orderId)) {
    // Whoever began to pause it goes on after this, or finds that it isn't to be paused any more.
    if (!done) throw new Error(`Subscription ${subscriptionId} is being paused just now.`);
    if (!(await resumeCollection(engine.stripe, subscriptionId))) await mustBeAtStripe(engine, orderId);
    await writeResumed(engine, subscriptionId, { id: orderId, locale });
  }
}

/** The order's language, where it gives access, or would but for the pause that is to end; else undefined. */
async function givesAccess({ database }: Engine, orderId: string): Promise<string | undefined> {
  const { rows } = await database.query<{ locale: string }>(
    `select o.locale from oncepaid."order" o where o.id = $1 and exists
       (select from oncepaid.entitlement e where e.order_id = o.id and e.kind = 'plan'
           and (e.state = 'active' or e.state = 'suspended' and e.reason = 'collection_paused'))`,
    [orderId],
  );
  return rows[0]?.locale;
}

/** Of several who come here at once, one tells. */
async function writeResumed(engine: Engine, subscriptionId: string, order: { id: string; locale: string }) {
  await inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `update oncepaid.billing_stop set resumed_at = now()
        where stripe_subscription_id = $1 and action = 'paused' and resumed_at is null`,
      [subscriptionId],
    );
    if (rowCount === 0) return;
    const happening = {
      type: "billing.resumed" as const,
      orderId: order.id,
      subscriptionId,
      at: Date.now(),
    };
    await tell(engine, transaction, [happening], order);
  });
  engine.log.info({ order: order.id, subscription: subscriptionId }, "billing resumed");
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
