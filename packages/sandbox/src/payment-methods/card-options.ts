import type { z } from "zod";
import { amount, boolean, hash, integer, list, oneOf, text, timestamp } from "../api/params.ts";
import type { Kinds } from "../wire.ts";

type Card = NonNullable<NonNullable<Kinds["payment_intent"]["payment_method_options"]>["card"]>;

/** The terms on which a card in India may be charged again. */
export const mandateOptions = () =>
  hash({
    amount: amount(),
    amount_type: oneOf("fixed", "maximum"),
    description: text(200).optional(),
    end_date: timestamp().optional(),
    interval: oneOf("day", "month", "sporadic", "week", "year"),
    interval_count: integer({ min: 1 }).optional(),
    reference: text(80),
    start_date: timestamp(),
    supported_types: list(oneOf("india")).optional(),
  });

export function mandateOf(given: z.output<ReturnType<typeof mandateOptions>>) {
  return {
    ...given,
    description: given.description ?? null,
    end_date: given.end_date ?? null,
    interval_count: given.interval_count ?? null,
    supported_types: given.supported_types ?? null,
  };
}

const wish = () => oneOf("if_available", "never").optional();

/** What is asked of a card's network: no test card's network can do any of it. */
export const cardRequests = {
  request_extended_authorization: wish(),
  request_incremental_authorization: wish(),
  request_multicapture: wish(),
  request_overcapture: wish(),
};

const REQUESTS = [
  "request_extended_authorization",
  "request_incremental_authorization",
  "request_multicapture",
  "request_overcapture",
] as const;
type Request = (typeof REQUESTS)[number];

/** What was asked for is kept. */
export function requestsOf(
  given: { [Name in Request]?: Card[Name] | undefined } | undefined,
): Partial<Pick<Card, Request>> {
  const said = REQUESTS.filter((name) => given?.[name] !== undefined).map((name) => [name, given?.[name]]);
  return Object.fromEntries(said);
}

/** All that an intent keeps of what is wished for a card. */
export const cardWishes = {
  ...cardRequests,
  mandate_options: mandateOptions().optional(),
  require_cvc_recollection: boolean().optional(),
};

type Wishes = { [Name in keyof typeof cardWishes]?: z.output<(typeof cardWishes)[Name]> };

export function wishesOf(given: Wishes | undefined): Partial<Card> {
  const { mandate_options: mandate, require_cvc_recollection } = given ?? {};
  return {
    ...requestsOf(given),
    ...(require_cvc_recollection !== undefined && { require_cvc_recollection }),
    ...(mandate && { mandate_options: mandateOf(mandate) }),
  };
}
