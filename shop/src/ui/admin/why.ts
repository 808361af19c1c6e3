import type { Translate } from "#/ui/language/page-language.ts";

/** The reasons that have a sentence; another one is shown as it is stored. */
const REASONS = [
  "operator",
  "buyer",
  "until",
  "refunded",
  "partially_refunded",
  "dispute_lost",
  "disputed",
  "fraud_warning",
  "subscription_canceled",
  "subscription_unpaid",
  "subscription_past_due",
  "subscription_paused",
  "subscription_no_seats",
  "subscription_incomplete",
  "plan_changed",
  "cancels_at_period_end",
] as const;

/** Why access is as it is, as the entitlement itself says it. */
export function whyText(
  t: Translate,
  { state, reason, via }: { state: string; reason: string | null; via: string },
): string {
  if (reason === null && state !== "active") return "";
  if (reason === null) return t(via === "grant" ? "desk.openBecauseGiven" : "desk.openBecausePaid");
  const known = REASONS.find((name) => name === reason);
  return known ? t(`desk.why.${known}`) : reason;
}
