import { answerFailure } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";
import { receive } from "#/webhooks/receive.ts";

/** Stripe's deliveries: the raw bytes, because the signature is over those and not over what they parse to. */
export async function postStripeWebhook(c: Context): Promise<Response> {
  const body = Buffer.from(await c.req.arrayBuffer());
  const received = await receive(c.var.engine, body, c.req.header("stripe-signature"));
  return received.ok ? c.json({ received: true, outcome: received.outcome }) : answerFailure(c, received);
}
