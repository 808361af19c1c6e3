import { callApi } from "#/ui/call-api.ts";

/** What can go wrong, by the API's own codes and two that it can't tell. Each has a sentence in every language. */
export const PROBLEMS = [
  "already_paid",
  "already_subscribed",
  "sold_out",
  "payment_processing",
  "too_many_requests",
  "stripe_unavailable",
  "invalid_request",
  "network",
  "unexpected",
] as const;
export type Problem = (typeof PROBLEMS)[number];

export type OpenedCheckout = { ok: true; url: string } | { ok: false; problem: Problem };

/** `price` is the name of one of its prices; the first where none is named. */
type Line = { productKey: string; quantity: number; price?: string | undefined };

/** One product at once, or the cart's. */
export type Contents = { slotId?: string | undefined } & (Line | { items: Line[] });

/** Asks for the payment page of a cart. Asking again is safe: the same cart leads to the same page. */
export async function openCheckout(cart: { cartId: string } & Contents): Promise<OpenedCheckout> {
  const answer = await callApi("POST", "checkout", cart);
  if (!answer.ok)
    return { ok: false, problem: PROBLEMS.find((known) => known === answer.code) ?? "unexpected" };
  const { json } = answer;
  if ("url" in json && typeof json.url === "string") return { ok: true, url: json.url };
  return { ok: false, problem: "unexpected" };
}
