import { z } from "zod";
import { endpoint, json } from "#/http/endpoint.ts";
import { overloaded } from "#/webhooks/overload.ts";
import { receive } from "#/webhooks/receive.ts";

/** The raw bytes, because the signature is over those and not over what they parse to: so nothing here takes a body. */
export const postStripeWebhook = endpoint({
  summary: "Receives one delivery of Stripe's, and says what became of it",
  answers: json(z.object({ received: z.literal(true), outcome: z.string() })),
  handle: async (c) => {
    const refusal = overloaded(c.var.engine);
    // The body isn't read then.
    if (refusal) return refusal;
    const body = Buffer.from(await c.req.arrayBuffer());
    const received = await receive(c.var.engine, body, c.req.header("stripe-signature"));
    return received.ok ? { received: true as const, outcome: received.outcome } : received;
  },
});
