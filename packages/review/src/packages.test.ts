import { expect, test } from "vitest";
import { review } from "./review.ts";
import { testProject } from "./test-project.ts";

/** A webhook of one package of a workspace that grants through another, which is not followed. */

const WEBHOOK = `
import { fulfillOrder } from "@shop/orders";
import Stripe from "stripe";
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature"), process.env.STRIPE_WEBHOOK_SECRET);
  if (event.type === "checkout.session.completed") await fulfillOrder(event.data.object.client_reference_id);
  return Response.json({ received: true });
}`;

test("whether a function of another package does it once can't be seen; that it is called without a look at the payment can", () => {
  const { findings } = review(testProject({ "packages/web/app/webhook/route.ts": WEBHOOK }));
  const rules = findings.map(({ rule }) => rule.id);
  expect(rules).not.toContain("granted-twice");
  expect(rules).toContain("payment-status-unchecked");
});
