import type { Texts } from "#/texts/texts.ts";

type Problem = keyof Texts["changeBooking"]["problem"];

/** The refusals that mean something of their own where a booking is changed. */
const PROBLEMS: readonly Problem[] = [
  "refused_by_stripe",
  "not_refundable",
  "not_changeable",
  "sold_out",
  "invalid_request",
  "stripe_unavailable",
];

export function bookingProblem(code: string): Problem | undefined {
  return PROBLEMS.find((known) => known === code);
}
