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

/** Milliseconds; the API itself gives up on Stripe before that. */
const PATIENCE = 60_000;

/** One product at once, or the cart's. */
export type Contents = { slotId?: string | undefined } & (
  | { productKey: string; quantity: number }
  | { items: { productKey: string; quantity: number }[] }
);

/** Asks for the payment page of a cart. Asking again is safe: the same cart leads to the same page. */
export async function openCheckout(cart: { cartId: string } & Contents): Promise<OpenedCheckout> {
  let body: unknown;
  try {
    const response = await fetch("/api/checkout", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(cart),
      signal: AbortSignal.timeout(PATIENCE),
    });
    body = await response.json().catch(() => undefined);
  } catch {
    return { ok: false, problem: "network" };
  }
  if (typeof body !== "object" || body === null) return { ok: false, problem: "unexpected" };
  if ("url" in body && typeof body.url === "string") return { ok: true, url: body.url };
  const code = "code" in body ? body.code : undefined;
  return { ok: false, problem: PROBLEMS.find((problem) => problem === code) ?? "unexpected" };
}
