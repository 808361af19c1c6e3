/** The refusals that have a sentence of their own. */
const PROBLEMS = [
  "not_refundable",
  "refund_too_large",
  "refused_by_stripe",
  "no_subscription",
  "plan_ended",
  "not_paid",
  "slot_in_use",
  "sold_out",
  "not_changeable",
  "already_subscribed",
  "idempotency_key_reused",
  "no_seat_left",
  "already_invited",
  "too_many_requests",
  "name_taken",
  "endpoint_of_settings",
  "endpoint_disabled",
  "secret_rotating",
  "invalid_request",
  "not_found",
  "forbidden",
  "stripe_unavailable",
  "network",
] as const;

/** The text for a refusal; a code without a sentence is told itself. */
export function actProblem(code: string): (typeof PROBLEMS)[number] | "other" {
  return PROBLEMS.find((known) => known === code) ?? "other";
}
