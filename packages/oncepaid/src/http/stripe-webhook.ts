import { z } from "zod";
import type { Failure } from "#/failure.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { overloaded } from "#/webhooks/overload.ts";
import { type Received, receive } from "#/webhooks/receive.ts";

const received = z.object({ received: z.literal(true), outcome: z.string() });

export type DeliveryAnswer = z.output<typeof received>;

/** The raw bytes, because the signature is over those and not over what they parse to: so nothing here takes a body. */
export const postStripeWebhook = endpoint({
  summary: "Receives one delivery of Stripe's, and says what became of it",
  answers: json(received),
  handle: async (c) => {
    const refusal = overloaded(c.var.engine);
    // The body isn't read then.
    if (refusal) return refusal;
    const body = Buffer.from(await c.req.arrayBuffer());
    return answerOf(await receive(c.var.engine, body, c.req.header("stripe-signature")));
  },
});

export function answerOf(delivery: Received | Failure): DeliveryAnswer | Failure {
  return delivery.ok ? { received: true, outcome: delivery.outcome } : delivery;
}
