import type { Engine } from "#/engine.ts";
import { shopIdOf } from "#/orders/shop-id.ts";
import { Hopeless } from "#/outbox/jobs.ts";
import { RETURNED_ITEMS } from "#/rules/returned-items.ts";
import { changePlanAtStripe } from "#/stripe/change-plan.ts";
import { nameOrder } from "#/stripe/claim.ts";
import { endCode, makeCode } from "#/stripe/promotion-codes.ts";
import { findRefund, makeRefund } from "#/stripe/support-refunds.ts";
import { endAtPeriodEnd, endNow } from "#/stripe/support-subscriptions.ts";
import { type Action, readAction } from "#/support/action.ts";

/**
 * Asks Stripe for what an action is. It may run twice, at once or after a crash: the key at Stripe is the action's own, and one that
 * was tried before is looked for first, because Stripe forgets a key after a day. What it means for the order is told by
 * Stripe's events, as for what somebody does in Stripe's dashboard.
 */
export async function carryOut(engine: Engine, actionId: string): Promise<Action> {
  const action = await readAction(engine, actionId);
  if (!action) throw new Hopeless(`There is no action ${actionId}.`);
  if (action.doneAt !== null || action.refused !== null) return action;
  await engine.database.query("update oncepaid.support_action set tried_at = now() where id = $1", [
    actionId,
  ]);
  const result = await ask(engine, action);
  if (!result.ok && !result.refused) throw new Error(result.reason);
  return settle(engine, action, result);
}

/** Right after it was written, for whoever waits for the answer; what Stripe couldn't be asked now is done by the job. */
export async function carryOutNow(engine: Engine, action: Action): Promise<Action> {
  try {
    return await carryOut(engine, action.id);
  } catch (error) {
    engine.log.warn({ err: error, action: action.id, order: action.orderId }, "left to the job");
    return action;
  }
}

type Asked = { ok: true; id: string } | { ok: false; refused: boolean; reason: string };

async function ask(engine: Engine, { id, orderId, call, triedAt }: Action): Promise<Asked> {
  const key = `support:${id}`;
  switch (call.do) {
    case "refund": {
      const before = triedAt === null ? undefined : await findRefund(engine.stripe, call.paymentIntent, id);
      if (before !== undefined) return { ok: true, id: before };
      const metadata = {
        ...(orderId && { order_id: orderId }),
        shop: await shopIdOf(engine),
        support_action: id,
        ...(call.items !== undefined && { [RETURNED_ITEMS]: call.items }),
      };
      return makeRefund(engine.stripe, { ...call, metadata }, key);
    }
    case "cancel":
      return call.when === "now"
        ? endNow(engine.stripe, call.subscription)
        : endAtPeriodEnd(engine.stripe, call.subscription, key);
    case "change_plan":
      if (await isReplaced(engine, id)) return { ok: false, refused: true, reason: REPLACED };
      return changePlanAtStripe(engine.stripe, call, id);
    case "claim": {
      if (orderId === null) return { ok: false, refused: true, reason: "It has no order." };
      const metadata = { order_id: orderId, shop: await shopIdOf(engine) };
      return nameOrder(engine.stripe, call.subscription, metadata, key);
    }
    case "create_code":
      return makeCode(engine.stripe, call.terms, { key, isRetry: triedAt !== null });
    case "deactivate_code":
      return endCode(engine.stripe, call.promotionCode, key);
    case "nothing":
      return { ok: true, id: "" };
  }
}

const REPLACED = "Another change of the plan was asked for since.";

/** A change that waited for Stripe must not undo a newer one. What is to be at once leaves what was planned for later to it. */
async function isReplaced({ database }: Engine, id: string): Promise<boolean> {
  const { rows } = await database.query(
    `select from oncepaid.support_action a join oncepaid.support_action newer
         on newer.order_id = a.order_id and newer.what = 'change_plan' and newer.id > a.id and newer.refused is null
      where a.id = $1 and (newer.call ->> 'when' = 'now' or a.call ->> 'when' = 'period_end') limit 1`,
    [id],
  );
  return rows.length > 0;
}

async function settle({ database }: Engine, action: Action, result: Asked): Promise<Action> {
  const [stripeId, refused] = result.ok ? [result.id, null] : [null, result.reason];
  await database.query(
    `update oncepaid.support_action set stripe_id = $2, refused = $3, done_at = case when $3::text is null then now() end
      where id = $1 and done_at is null and refused is null`,
    [action.id, stripeId, refused],
  );
  return { ...action, stripeId, refused, doneAt: result.ok ? new Date() : null };
}
