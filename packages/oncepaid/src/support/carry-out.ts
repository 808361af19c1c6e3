import { inTransaction, type Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { applyChange } from "#/orders/apply.ts";
import { whyNotAtStripe, whyOtherMode } from "#/orders/at-stripe.ts";
import { shopIdOf } from "#/orders/shop-id.ts";
import { Hopeless } from "#/outbox/jobs.ts";
import { tell } from "#/outbox/tell.ts";
import { NO_FACTS } from "#/rules/facts.ts";
import { RETURNED_ITEMS } from "#/rules/returned-items.ts";
import { changePlanAtStripe } from "#/stripe/change-plan.ts";
import { nameOrder } from "#/stripe/claim.ts";
import { type FailedCall, keyOfHour } from "#/stripe/errors.ts";
import { endCode, makeCode } from "#/stripe/promotion-codes.ts";
import { findRefund, makeRefund } from "#/stripe/support-refunds.ts";
import { endAtPeriodEnd } from "#/stripe/support-subscriptions.ts";
import { type Action, BUYER, type Call, readAction } from "#/support/action.ts";
import { cancelNow } from "#/support/cancel-now.ts";

/**
 * Asks Stripe for what an action is. It may run twice, at once or after a crash: the key at Stripe is the action's own, and one that
 * was tried before is looked for first, because Stripe forgets a key after a day, and keeps an error under it till then. What it
 * means for the order is told by Stripe's events, as for what somebody does in Stripe's dashboard.
 */
export async function carryOut(engine: Engine, actionId: string): Promise<Action> {
  return tryOnce(engine, actionId, { isAwaited: false });
}

async function tryOnce(engine: Engine, actionId: string, who: { isAwaited: boolean }): Promise<Action> {
  const action = await readAction(engine, actionId);
  if (!action) throw new Hopeless(`There is no action ${actionId}.`);
  if (action.doneAt !== null || action.refused !== null) return action;
  await engine.database.query("update oncepaid.support_action set tried_at = now() where id = $1", [
    actionId,
  ]);
  const result = await askOurs(engine, action);
  // A job that was left to be done is not over because of a wrong key: it is tried again, and then waits for a person.
  const later = !result.ok && (!result.refused || (result.elsewhere === true && !who.isAwaited));
  if (later) throw new Error(result.reason);
  return settle(engine, action, result, who);
}

/** Right after it was written, for whoever waits for the answer; what Stripe couldn't be asked now is done by the job. */
export async function carryOutNow(engine: Engine, action: Action): Promise<Action> {
  try {
    return await tryOnce(engine, action.id, { isAwaited: true });
  } catch (error) {
    engine.log.warn({ err: error, action: action.id, order: action.orderId }, "left to the job");
    return action;
  }
}

/**
 * `note` says in the timeline what was found. `elsewhere`: Stripe doesn't have what was asked for, because the secret key is of another account
 * or mode than the order.
 */
type Asked = { ok: true; id: string; note?: string } | (FailedCall & { elsewhere?: true });

async function askOurs(engine: Engine, action: Action): Promise<Asked> {
  const { orderId, call } = action;
  // A booking that cost nothing is given up without Stripe.
  if (call.do === "end_booking") return askAgain(engine, action);
  const otherMode = orderId === null ? undefined : await whyOtherMode(engine, orderId);
  if (otherMode !== undefined) return elsewhere(otherMode);
  const result = await askAgain(engine, action);
  if (result.ok || !result.missing || orderId === null) return result;
  const reason = await whyNotAtStripe(engine, orderId);
  return reason === undefined ? result : elsewhere(reason);
}

function elsewhere(reason: string): Asked {
  return { ok: false, refused: true, elsewhere: true, reason };
}

/**
 * Under another key where the action's own is spent; each time it is looked first whether it was done. The first try leaves that to
 * the job: what Stripe has answered with a 500 just now it may still do.
 */
async function askAgain(engine: Engine, action: Action): Promise<Asked> {
  const key = `support:${action.id}`;
  const result = await ask(engine, action, key);
  const isAnother = !result.ok && result.spent === true && action.triedAt !== null;
  return isAnother ? ask(engine, action, keyOfHour(key)) : result;
}

async function ask(engine: Engine, action: Action, key: string): Promise<Asked> {
  const { id, orderId, call, triedAt } = action;
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
        ? cancelNow(engine, action, call.subscription)
        : endAtPeriodEnd(engine.stripe, call.subscription, key);
    case "change_plan":
      if (await isReplaced(engine, id)) return { ok: false, refused: true, reason: REPLACED };
      return changePlanAtStripe(engine.stripe, call, id, key);
    case "claim": {
      if (orderId === null) return { ok: false, refused: true, reason: "It has no order." };
      const metadata = { order_id: orderId, shop: await shopIdOf(engine) };
      return nameOrder(engine.stripe, call.subscription, metadata, key);
    }
    case "create_code":
      return makeCode(engine.stripe, call.terms, { action: id, key, isRetry: triedAt !== null });
    case "deactivate_code":
      return endCode(engine.stripe, call.promotionCode, key);
    case "end_booking":
      if (orderId !== null) await endBooking(engine, orderId, id, call);
      return { ok: true, id: "" };
    case "nothing":
      return { ok: true, id: "" };
  }
}

/** One fact, however often it is written: it is named after the action. */
async function endBooking(
  engine: Engine,
  orderId: string,
  actionId: string,
  { productKey, at }: Extract<Call, { do: "end_booking" }>,
): Promise<void> {
  const ruling = { productKey, access: "ended" as const, at, because: BUYER };
  await applyChange(engine, {
    orderId,
    facts: { ...NO_FACTS, rulings: { [`booking_${actionId}`]: ruling } },
    waits: false,
    actor: BUYER,
    event: null,
  });
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

/**
 * With what is told of it: once, whoever comes first. Of two at once one may be refused because of what the other has made: what was made
 * counts, in either order. Who waits for the answer hears from it that Stripe has refused.
 */
async function settle(
  engine: Engine,
  action: Action,
  result: Asked,
  { isAwaited }: { isAwaited: boolean },
): Promise<Action> {
  const [stripeId, refused] = result.ok ? [result.id, null] : [null, result.reason];
  const note = result.ok ? (result.note ?? null) : null;
  const isFirst = await inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `update oncepaid.support_action set stripe_id = $2, refused = $3, done_at = case when $3::text is null then now() end,
              note = nullif(concat_ws('; ', note, $4::text), '')
        where id = $1 and done_at is null and (refused is null or $3::text is null)`,
      [action.id, stripeId, refused, note],
    );
    if (rowCount !== 1) return false;
    if (action.what !== "cancel_booking") return true;
    if (result.ok) await tellCanceled(engine, transaction, action);
    else if (!isAwaited) await tellKept(engine, transaction, action);
    return true;
  });
  const other = isFirst ? undefined : await readAction(engine, action.id);
  return other ?? { ...action, stripeId, refused, doneAt: result.ok ? new Date() : null };
}

async function tellCanceled(
  engine: Engine,
  transaction: Transaction,
  { id, orderId, call }: Action,
): Promise<void> {
  const refund = call.do === "refund" ? { refund: call.amount } : {};
  for (const order of await orderOf(transaction, orderId)) {
    const canceled = { type: "booking.canceled" as const, orderId: order.id, byBuyer: id, ...refund };
    await tell(engine, transaction, [canceled], order);
  }
}

/** Its buyer was told that it was asked for, and thinks it is given up. */
async function tellKept(engine: Engine, transaction: Transaction, { id, orderId }: Action): Promise<void> {
  for (const order of await orderOf(transaction, orderId)) {
    const kept = { type: "booking.kept" as const, orderId: order.id, actionId: id };
    await tell(engine, transaction, [kept], order);
  }
}

async function orderOf(
  { query }: Transaction,
  orderId: string | null,
): Promise<{ id: string; locale: string }[]> {
  return (
    await query<{ id: string; locale: string }>(`select id, locale from oncepaid."order" where id = $1`, [
      orderId,
    ])
  ).rows;
}
