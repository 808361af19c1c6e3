import type { Act } from "../act.ts";
import { refused } from "../api/errors.ts";
import { clearable, hash, notBuilt, text } from "../api/params.ts";
import { type Dispute, isClosed, isInquiry } from "./dispute.ts";
import { tellCharge } from "./outcome.ts";

/** Seconds until a bank that was told how to decide, decides. */
const JUDGEMENT_DELAY = 5;

const CONTROL_WORDS = ["winning_evidence", "losing_evidence", "escalate_inquiry_evidence"];

const words = () => clearable(text(150_000)).optional();

/** What can be said in the shop's defence. Files are named by their id and never opened. */
export const evidence = () =>
  hash({
    access_activity_log: words(),
    appeal: notBuilt(),
    billing_address: words(),
    cancellation_policy: words(),
    cancellation_policy_disclosure: words(),
    cancellation_rebuttal: words(),
    customer_communication: words(),
    customer_email_address: words(),
    customer_name: words(),
    customer_purchase_ip: words(),
    customer_signature: words(),
    duplicate_charge_documentation: words(),
    duplicate_charge_explanation: words(),
    duplicate_charge_id: words(),
    enhanced_evidence: notBuilt(),
    product_description: words(),
    receipt: words(),
    refund_policy: words(),
    refund_policy_disclosure: words(),
    refund_refusal_explanation: words(),
    service_date: words(),
    service_documentation: words(),
    shipping_address: words(),
    shipping_carrier: words(),
    shipping_date: words(),
    shipping_documentation: words(),
    shipping_tracking_number: words(),
    uncategorized_file: words(),
    uncategorized_text: words(),
  });

type Given = { [name: string]: unknown };

/** Keeps evidence and, unless it is only staged, sends it to the bank. */
export function respond(
  act: Act,
  dispute: Dispute,
  given: { evidence: Given | undefined; submit: boolean; metadata: Dispute["metadata"] },
): Dispute {
  const says = Object.values(given.evidence ?? {}).some((value) => value !== undefined);
  if (isClosed(dispute) && says) throw refused("This dispute is already closed");
  const merged = mergeEvidence(dispute.evidence, given.evidence);
  const has_evidence = dispute.evidence_details.has_evidence || says;
  if (!says || !given.submit) {
    const evidence_details = { ...dispute.evidence_details, has_evidence };
    const staged = { evidence: merged, evidence_details, metadata: given.metadata };
    return act.change(dispute, staged, "charge.dispute.updated");
  }
  const { evidence_details: before } = dispute;
  const submitted = act.change(
    dispute,
    {
      evidence: merged,
      evidence_details: {
        ...before,
        has_evidence: true,
        submission_count: before.submission_count + 1,
        submission_method: "manual",
      },
      metadata: given.metadata,
      status: isInquiry(dispute) ? "warning_under_review" : "under_review",
    },
    "charge.dispute.updated",
  );
  tellCharge(act, submitted);
  if (CONTROL_WORDS.includes(merged.uncategorized_text ?? "")) {
    act.schedule(act.now + JUDGEMENT_DELAY, "dispute.judge", submitted.id);
  }
  return submitted;
}

function mergeEvidence(old: Dispute["evidence"], given: Given | undefined): Dispute["evidence"] {
  const { appeal: _, enhanced_evidence: __, ...texts } = given ?? {};
  const changes = Object.entries(texts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value === "" ? null : value]);
  return { ...old, ...Object.fromEntries(changes) };
}
