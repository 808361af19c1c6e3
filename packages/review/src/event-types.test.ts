import { expect, test } from "vitest";
import { review } from "./review.ts";
import { testProject } from "./test-project.ts";

/** The many ways to ask for the type of an event. */

const webhook = (takesBack: string) => `
import Stripe from "stripe";
import { db } from "./db";
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
const TAKE_BACK = new Set(["charge.refunded", "charge.dispute.created", "charge.dispute.closed"]);
const revoke = (object) => {
  if (object.amount_refunded >= object.amount) return db.order.update({ where: { id: object.metadata.order_id }, data: { state: "ENDED" } });
};
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature"), process.env.STRIPE_WEBHOOK_SECRET);
  const object = event.data.object;
  if (event.type === "checkout.session.completed" || event.type === "checkout.session.async_payment_succeeded") {
    if (object.payment_status !== "unpaid") await db.order.update({ where: { id: object.client_reference_id }, data: { state: "PAID" } });
  }
  ${takesBack}
  return Response.json({ received: true });
}`;

const found = (takesBack: string) =>
  review(testProject({ "app/webhook/route.ts": webhook(takesBack) })).findings.map(({ rule }) => rule.id);

test.each([
  `if (event.type === "charge.refunded" || event.type.startsWith("charge.dispute.")) await revoke(object);`,
  `if (["charge.refunded", "charge.dispute.closed"].includes(event.type)) await revoke(object);`,
  "if (TAKE_BACK.has(event.type)) await revoke(object);",
  "if (!TAKE_BACK.has(event.type)) return new Response(); await revoke(object);",
])("refunds and disputes are handled by %s", (takesBack) => {
  expect(found(takesBack)).toEqual([]);
});

test("and are missed where nothing asks for them", () => {
  expect(found("")).toEqual(["disputes-unhandled", "refunds-unhandled"]);
  expect(found(`if (event.type.startsWith("customer.")) await revoke(object);`)).toEqual([
    "disputes-unhandled",
    "refunds-unhandled",
  ]);
});
