import { expect, test } from "vitest";
import { review } from "./review.ts";
import { testProject } from "./test-project.ts";

/** Controllers with decorators, and services that are handed to their constructors. */

const controller = (webhook: string, checkout = "") => `
import { BadRequestException, Body, Controller, Headers, Post, type RawBodyRequest, Req } from "@nestjs/common";
import Stripe from "stripe";
import { OrdersService } from "./orders.service";
@Controller("stripe")
export class StripeController {
  private readonly stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
  constructor(private readonly orders: OrdersService) {}
  ${checkout}
  @Post("webhook")
  async webhook(@Req() req: RawBodyRequest<Request>, @Headers("stripe-signature") signature: string) {
    let event: Stripe.Event;
    try {
      event = this.stripe.webhooks.constructEvent(req.rawBody, signature, process.env.STRIPE_WEBHOOK_SECRET);
    } catch {
      throw new BadRequestException("The signature doesn't match.");
    }
    ${webhook}
    return { received: true };
  }
}`;

const service = (grant: string) => `
import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { Licence, Processed } from "./entities";
@Injectable()
export class OrdersService {
  constructor(private readonly data: DataSource) {}
  async grant(eventId: string, orderId: string) { ${grant} }
  async revoke(orderId: string) { await this.data.manager.delete(Licence, { orderId }); }
}`;

const WEBHOOK = `
    const object = event.data.object as any;
    if (event.type === "checkout.session.completed" && object.payment_status !== "unpaid") await this.orders.grant(event.id, object.client_reference_id);
    if (event.type === "checkout.session.async_payment_succeeded") await this.orders.grant(event.id, object.client_reference_id);
    if (event.type === "charge.refunded" && object.refunded) await this.orders.revoke(object.metadata.order_id);
    if (event.type.startsWith("charge.dispute.")) await this.orders.revoke(object.metadata.order_id);`;

const found = (files: Record<string, string>) =>
  review(testProject({ "package.json": "{}", ...files })).findings.map(
    ({ rule, path }) => `${path} ${rule.id}`,
  );

test("a controller that hands everything to a service which does it once has nothing to find", () => {
  const once = `await this.data.transaction(async (manager) => {
    await manager.insert(Processed, { id: eventId });
    await manager.insert(Licence, { orderId });
  });`;
  expect(found({ "stripe.controller.ts": controller(WEBHOOK), "orders.service.ts": service(once) })).toEqual(
    [],
  );
});

test("what a service does is seen from the controller it is handed to", () => {
  const files = {
    "stripe.controller.ts": controller(`
      const object = event.data.object as any;
      if (event.type === "checkout.session.completed") await this.orders.grant(object.id, object.client_reference_id);`),
    "orders.service.ts": service("await this.data.manager.insert(Licence, { orderId });").replace(
      "eventId",
      "_",
    ),
  };
  expect(found(files)).toEqual(
    expect.arrayContaining([
      "stripe.controller.ts payment-status-unchecked",
      "stripe.controller.ts refunds-unhandled",
      "orders.service.ts granted-twice",
    ]),
  );
});

test("what a decorator takes from the request was chosen by the browser", () => {
  const checkout = `
  @Post("checkout")
  checkout(@Body() order: OrderDto) {
    return this.stripe.checkout.sessions.create({
      mode: "payment",
      client_reference_id: order.id,
      line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: order.amount, product_data: { name: "Guide" } } }],
      success_url: process.env.APP_URL,
    }, { idempotencyKey: order.attemptKey });
  }`;
  const files = {
    "stripe.controller.ts": controller("", checkout),
    "orders.service.ts": service(""),
  };
  expect(found(files)).toContain("stripe.controller.ts client-chosen-amount");
});
