import type { Act } from "../act.ts";
import { longId } from "../ids.ts";
import { traitsOf } from "../payment-methods/method.ts";
import type { Kinds } from "../wire.ts";
import { buildDispute, type Dispute, withdrawn } from "./dispute.ts";

type Charge = Kinds["charge"];

export interface Opening {
  reason?: string | undefined;
  /** Part of the charge, or more than it: banks do both. Default: all of it. */
  amount?: number | undefined;
  /** The bank only asks, and takes no money yet. */
  inquiry?: boolean | undefined;
  /** It is lost from the start, as a bank may decide. */
  lost?: boolean | undefined;
  /** Its end is told before its beginning. Events may overtake each other. */
  closedFirst?: boolean | undefined;
}

/** Opens a dispute about a charge that succeeded. Funds are withdrawn at once, unless it is an inquiry. */
export function openDispute(act: Act, charge: Charge, opening: Opening = {}): Dispute {
  const inquiry = opening.inquiry === true;
  const built = buildDispute(act, charge, {
    reason: opening.reason ?? "fraudulent",
    amount: opening.amount ?? charge.amount,
    inquiry,
  });
  const balance_transactions = inquiry ? [] : withdrawn(act, built, charge);
  const opened = act.create({ ...built, balance_transactions });
  act.change(act.store.find("charge", charge.id) ?? charge, { disputed: true });
  const lost = opening.lost || opening.closedFirst;
  const dispute = lost ? act.change(opened, { status: "lost" }) : opened;
  if (opening.closedFirst) act.emit("charge.dispute.closed", dispute);
  act.emit("charge.dispute.created", opening.closedFirst ? opened : dispute);
  if (!inquiry) act.emit("charge.dispute.funds_withdrawn", opening.closedFirst ? opened : dispute);
  if (lost && !opening.closedFirst) act.emit("charge.dispute.closed", dispute);
  if (!lost && dispute.evidence_details.due_by) {
    act.schedule(dispute.evidence_details.due_by, "dispute.due", dispute.id);
  }
  return dispute;
}

/** What the test card behind a new charge brings about. */
export function openDisputesOf(act: Act, charge: Charge): void {
  const method = act.store.find("payment_method", charge.payment_method ?? "");
  const traits = method ? traitsOf(act, method) : {};
  if (traits.fraudWarning) warnOfFraud(act, charge);
  if (traits.dispute === "inquiry") openDispute(act, charge, { inquiry: true });
  else if (traits.dispute === "multiple") {
    const half = Math.floor(charge.amount / 2);
    openDispute(act, charge, { amount: half });
    openDispute(act, charge, { amount: charge.amount - half, reason: "product_not_received" });
  } else if (traits.dispute) openDispute(act, charge, { reason: traits.dispute });
}

/** The card's bank suspects fraud. A dispute often follows; a refund may prevent it. */
export function warnOfFraud(act: Act, charge: Charge): Kinds["radar.early_fraud_warning"] {
  return act.create(
    {
      id: longId("issfr"),
      object: "radar.early_fraud_warning",
      actionable: true,
      charge: charge.id,
      created: act.now,
      fraud_type: "made_with_stolen_card",
      livemode: false,
      ...(charge.payment_intent && { payment_intent: charge.payment_intent }),
    },
    "radar.early_fraud_warning.created",
  );
}
