import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import type { Affected } from "#/outbox/follow-ups.ts";
import { tell } from "#/outbox/tell.ts";
import type { Happening } from "#/rules/happenings.ts";

/**
 * What is to be done about the billing of a subscription, and why: written down before Stripe is asked, so that whoever comes after a
 * crash goes on where the other stopped.
 */
export type BillingStop = { subscriptionId: string; cause: string };

/** Notes that Stripe has done it and tells of it: of several who come here at once, one does. False for the others. */
export function tellStopped(
  engine: Engine,
  { subscriptionId, cause }: BillingStop,
  happening: Happening,
  order: Affected,
): Promise<boolean> {
  return inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `update oncepaid.billing_stop set done_at = now()
        where stripe_subscription_id = $1 and cause = $2 and done_at is null`,
      [subscriptionId, cause],
    );
    if (rowCount > 0) await tell(engine, transaction, [happening], order);
    return rowCount > 0;
  });
}

/** It is to be done no more. */
export async function forgetStop(
  { database }: Engine,
  { subscriptionId, cause }: BillingStop,
): Promise<void> {
  await database.query(
    "delete from oncepaid.billing_stop where stripe_subscription_id = $1 and cause = $2 and done_at is null",
    [subscriptionId, cause],
  );
}
