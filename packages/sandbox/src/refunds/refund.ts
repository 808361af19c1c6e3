import type { Act } from "../act.ts";
import { refused } from "../api/errors.ts";
import { recordRefundBalance, recordRefundFailure } from "../balance/balance.ts";
import { paymentId, stemOf } from "../ids.ts";
import { formatMoney } from "../money.ts";
import { traitsOf } from "../payment-methods/method.ts";
import type { Kinds, Metadata } from "../wire.ts";

type Refund = Kinds["refund"];
type Charge = Kinds["charge"];

/** Seconds until the card network hands out the refund's reference number. */
const REFERENCE_DELAY = 1;
/** Seconds until a refund that isn't decided at once is. */
const DECISION_DELAY = 5;
/** A buyer who paid in cash has this long to say where the money should go. */
const CLAIM_SECONDS = 45 * 86_400;

/** What of a charge can be given back, or why nothing can. */
export function refundableAmount(act: Act, charge: Charge, asked: number | undefined): number {
  if (charge.status !== "succeeded" || !charge.captured) {
    throw refused(`Charge ${charge.id} is not in a state that can be refunded.`, {
      code: "charge_not_refundable",
    });
  }
  const chargedBack = act.store
    .list("dispute", [{ field: "charge", is: "=", value: charge.id }], { limit: 100 })
    .data.some((dispute) => !dispute.is_charge_refundable);
  if (chargedBack) {
    const problem = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw refused(problem, { code: "charge_disputed" });
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (asked !== undefined && asked > left) {
    const money = (amount: number) => formatMoney(amount, charge.currency);
    const problem = `Refund amount (${money(asked)}) is greater than unrefunded amount on charge (${money(left)})`;
    throw refused(problem, { param: "amount" });
  }
  return asked ?? left;
}

/** Gives money back. Cards get it at once, most of them; banks take their time; who paid in cash is asked for an account. */
export function refundCharge(
  act: Act,
  charge: Charge,
  given: { amount: number; reason: Refund["reason"]; metadata: Metadata; email?: string | undefined },
): Refund {
  const kind = charge.payment_method_details?.type;
  const method = act.store.find("payment_method", charge.payment_method ?? "");
  const behaviour = method ? traitsOf(act, method).refund : undefined;
  const draft: Refund = {
    id: paymentId("re", stemOf(charge.id)),
    object: "refund",
    amount: given.amount,
    balance_transaction: null,
    charge: charge.id,
    created: act.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    ...(kind === "card" && { destination_details: BY_CARD }),
    metadata: given.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: given.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    ...stateOf(act, kind, behaviour, given.email ?? charge.billing_details.email),
    transfer_reversal: null,
  };
  const balance_transaction = recordRefundBalance(act, draft, charge).id;
  const refund = act.create({ ...draft, balance_transaction }, "refund.created");
  const amount_refunded = charge.amount_refunded + given.amount;
  const refunded = amount_refunded === charge.amount_captured;
  act.emit("charge.refunded", act.change(charge, { amount_refunded, refunded }), charge);
  if (refund.next_action) act.schedule(act.now + CLAIM_SECONDS, "refund.expire", refund.id);
  if (kind === "card") act.schedule(act.now + REFERENCE_DELAY, "refund.reference", refund.id);
  if (behaviour === "fails" || refund.status === "pending") {
    act.schedule(act.now + DECISION_DELAY, "refund.decide", refund.id);
  }
  return refund;
}

/** The network's reference of a refund, a moment later. Both events are sent: the newer and the legacy one. */
export function referenceRefund(act: Act, refundId: string): void {
  const refund = act.store.find("refund", refundId);
  const card = refund?.destination_details?.card;
  if (!refund || !card || refund.status !== "succeeded") return;
  tellUpdated(act, refund, { destination_details: referenced(act, card) });
}

/** What was left open when a refund was made. */
export function decideRefund(act: Act, refundId: string): void {
  const refund = act.store.find("refund", refundId);
  if (refund?.status === "succeeded") failRefund(act, refund, "lost_or_stolen_card");
  else if (refund?.status === "pending") succeedRefund(act, refund);
}

export function succeedRefund(act: Act, refund: Refund): Refund {
  const card = refund.destination_details?.card;
  const { next_action: _, pending_reason: __, ...rest } = refund;
  const after = {
    ...rest,
    ...(card && { destination_details: referenced(act, card) }),
    status: "succeeded",
  };
  act.store.update(after);
  act.emit("refund.updated", after, refund);
  act.emit("charge.refund.updated", after, refund);
  return after;
}

/** The money comes back to the shop, and the charge counts it as not refunded again. */
export function failRefund(act: Act, refund: Refund, reason: string): Refund {
  const failed = rollBack(act, refund, { failure_reason: reason, status: "failed" });
  act.emit("refund.failed", failed);
  act.emit("charge.refund.updated", failed, refund);
  return failed;
}

/** Only a refund that waits for the buyer can be taken back. */
export function cancelRefund(act: Act, refund: Refund): Refund {
  if (refund.status !== "requires_action") throw refused("Canceling this refund is unsupported.");
  const canceled = rollBack(act, refund, { status: "canceled" });
  act.emit("refund.updated", canceled, refund);
  act.emit("charge.refund.updated", canceled, refund);
  return canceled;
}

/** The buyer who was asked for an account never answered. */
export function expireRefund(act: Act, refundId: string): void {
  const refund = act.store.find("refund", refundId);
  if (refund?.status === "requires_action") failRefund(act, refund, "expired_or_canceled_card");
}

const BY_CARD = {
  type: "card",
  card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" as const },
};

function stateOf(
  act: Act,
  kind: string | undefined,
  behaviour: "fails" | "pending" | undefined,
  email: string | null,
): Pick<Refund, "status" | "pending_reason" | "next_action"> {
  if (kind === "oxxo") {
    const expires_at = act.now + CLAIM_SECONDS;
    const email_sent = { email_sent_at: act.now, email_sent_to: email ?? "buyer@example.com" };
    const next_action = { display_details: { email_sent, expires_at }, type: "display_details" };
    return { next_action, status: "requires_action" };
  }
  const pending = behaviour === "pending" || kind !== "card";
  return pending ? { pending_reason: "processing", status: "pending" } : { status: "succeeded" };
}

function rollBack(act: Act, refund: Refund, changes: Partial<Refund>): Refund {
  const failure_balance_transaction = recordRefundFailure(act, refund).id;
  const { next_action: _, pending_reason: __, ...rest } = refund;
  const after = { ...rest, ...changes, failure_balance_transaction };
  act.store.update(after);
  const charge = act.store.find("charge", refund.charge ?? "");
  if (charge) {
    const amount_refunded = charge.amount_refunded - refund.amount;
    act.change(charge, { amount_refunded, refunded: false });
  }
  return after;
}

type Destination = NonNullable<NonNullable<Refund["destination_details"]>["card"]>;

function referenced(act: Act, card: Destination): NonNullable<Refund["destination_details"]> {
  const reference = `7${String(act.now).padStart(14, "0")}`;
  return { type: "card", card: { ...card, reference, reference_status: "available" } };
}

function tellUpdated(act: Act, refund: Refund, changes: Partial<Refund>): void {
  const after = act.change(refund, changes, "refund.updated");
  act.emit("charge.refund.updated", after, refund);
}
