import type { Texts } from "#/texts/texts.ts";

type Problem = keyof Texts["account"]["problem"];

/** What can go wrong with what is done here, by the API's codes; each has a sentence in every language. */
const PROBLEMS: readonly Problem[] = [
  "no_customer",
  "stripe_unavailable",
  "no_seat_left",
  "already_invited",
  "invalid_request",
  "plan_ended",
  "invitation_expired",
  "already_subscribed",
  "unauthenticated",
  "forbidden",
  "not_found",
  "too_many_requests",
  "network",
];

export function accountProblem(code: string): Problem {
  return PROBLEMS.find((known) => known === code) ?? "unexpected";
}
