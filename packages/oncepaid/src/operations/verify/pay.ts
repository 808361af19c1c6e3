import type { Engine } from "#/engine.ts";
import { comesTrue, type Shop } from "#/operations/verify/shop.ts";
import { payWithoutBrowser } from "#/stripe/buyer.ts";
import { retrieveSession } from "#/stripe/sessions.ts";

/** Who pays in a rehearsal: the sandbox by itself, or a person on Stripe's page. */

export function payInSandbox({ stripe }: Engine): Shop["pay"] {
  return async ({ sessionId }, { method }) => {
    const paid = await payWithoutBrowser(stripe, sessionId, method);
    return paid.ok ? undefined : `The sandbox refused the payment: ${paid.reason}`;
  };
}

export type ByHand = { ask: (url: string, cardNumber: string) => void; limitMs: number };

/** `ask` tells the person where and with which card, then the payment is waited for. */
export function payByHand({ stripe }: Engine, { ask, limitMs }: ByHand): Shop["pay"] {
  return async ({ url, sessionId }, { number }) => {
    ask(url, number);
    const paid = await comesTrue(async () => {
      const found = await retrieveSession(stripe, sessionId);
      return found.ok && found.session.payment_status !== "unpaid";
    }, limitMs);
    return paid ? undefined : `Nobody paid within ${limitMs / 60_000} minutes.`;
  };
}
