import type { Act } from "../act.ts";
import { invalid, refused } from "../api/errors.ts";
import { failRefund } from "../refunds/refund.ts";
import type { Kinds } from "../wire.ts";
import { type Dispute, isClosed, isInquiry, reinstated, withdrawn } from "./dispute.ts";

/** What the bank decides. It may change its mind about what was lost, and about nothing else that is over. */
export function decide(
  act: Act,
  dispute: Dispute,
  outcome: "won" | "lost" | "escalate" | "warning_closed",
): Dispute {
  if (isClosed(dispute) && !(dispute.status === "lost" && outcome === "won")) {
    throw invalid("This dispute is already closed");
  }
  if (outcome === "won") return winDispute(act, dispute);
  if (outcome === "lost") return loseDispute(act, dispute);
  return outcome === "escalate" ? escalate(act, dispute) : closeInquiry(act, dispute);
}

/** The bank sides with the shop. It may even change its mind after it had decided otherwise. */
export function winDispute(act: Act, dispute: Dispute): Dispute {
  if (isInquiry(dispute)) return closeInquiry(act, dispute);
  const balance_transactions = reinstated(act, dispute);
  const won = act.change(dispute, { balance_transactions, is_charge_refundable: true, status: "won" });
  act.emit("charge.dispute.funds_reinstated", won);
  act.emit("charge.dispute.closed", won);
  return won;
}

/** The bank sides with its customer. The money is gone already. */
export function loseDispute(act: Act, dispute: Dispute): Dispute {
  const lost = act.change(dispute, { is_charge_refundable: false, status: "lost" }, "charge.dispute.closed");
  tellCharge(act, dispute);
  return lost;
}

/** The bank lets its question rest, and no money moved. */
export function closeInquiry(act: Act, dispute: Dispute): Dispute {
  return act.change(dispute, { status: "warning_closed" }, "charge.dispute.closed");
}

/** A question becomes a chargeback. Refunds that were still on their way fail: the bank has the money now. */
export function escalate(act: Act, dispute: Dispute): Dispute {
  const charge = chargeOf(act, dispute);
  if (!isInquiry(dispute) || !charge) throw refused("Only an inquiry can be escalated.");
  const balance_transactions = withdrawn(act, dispute, charge);
  const details = dispute.payment_method_details;
  const after = act.change(
    dispute,
    {
      balance_transactions,
      is_charge_refundable: false,
      ...(details?.card && {
        payment_method_details: { ...details, card: { ...details.card, case_type: "chargeback" } },
      }),
      status: "needs_response",
    },
    "charge.dispute.updated",
  );
  act.emit("charge.dispute.funds_withdrawn", after);
  const waiting = act.store.list(
    "refund",
    [
      { field: "charge", is: "=", value: charge.id },
      { field: "status", is: "=", value: "pending" },
    ],
    { limit: 100 },
  ).data;
  for (const refund of waiting) failRefund(act, refund, "charge_for_pending_refund_disputed");
  return after;
}

/** What `POST /v1/disputes/{id}/close` does: the shop gives in. */
export function concede(act: Act, dispute: Dispute): Dispute {
  if (isClosed(dispute)) throw refused("This dispute is already closed");
  return isInquiry(dispute) ? closeInquiry(act, dispute) : loseDispute(act, dispute);
}

/** The last day to answer has passed. */
export function lapse(act: Act, disputeId: string): void {
  const dispute = act.store.find("dispute", disputeId);
  if (dispute?.status === "needs_response") {
    const evidence_details = { ...dispute.evidence_details, past_due: true };
    loseDispute(act, act.change(dispute, { evidence_details }));
  }
  if (dispute?.status === "warning_needs_response") closeInquiry(act, dispute);
}

/** The bank's answer to evidence that says how it wants to be judged. */
export function judge(act: Act, disputeId: string): void {
  const dispute = act.store.find("dispute", disputeId);
  if (!dispute?.status.endsWith("under_review")) return;
  const words = dispute.evidence.uncategorized_text;
  if (words === "winning_evidence") winDispute(act, dispute);
  if (words === "losing_evidence" && !isInquiry(dispute)) loseDispute(act, dispute);
  if (words === "escalate_inquiry_evidence" && isInquiry(dispute)) escalate(act, dispute);
}

/** Says that something about the disputed charge changed, though none of its fields did. */
export function tellCharge(act: Act, dispute: Dispute): void {
  const charge = chargeOf(act, dispute);
  if (charge) act.emit("charge.updated", charge, charge);
}

function chargeOf(act: Act, dispute: Dispute): Kinds["charge"] | undefined {
  return act.store.find("charge", dispute.charge);
}
