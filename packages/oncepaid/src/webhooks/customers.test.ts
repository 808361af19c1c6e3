import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, type Payment } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
afterEach(() => {
  delete app.stripe.script.deletedCustomer;
});

let buyers = 0;
/** A buyer with a purchase, who is a customer of Stripe's therefore. */
async function customer(): Promise<{ userId: string; customer: string; payment: Payment }> {
  const userId = `customer-${++buyers}`;
  const payment = await app.order("ebook", { userId });
  await app.deliver(completed(payment, { customer: `cus_${payment.charge}` }));
  return { userId, customer: `cus_${payment.charge}`, payment };
}

const buyAgain = (userId: string) =>
  app.post(
    "/api/checkout",
    { cartId: `cart-again-${userId}`, productKey: "ebook", userId, email: "buyer@example.com" },
    app.asServer,
  );
const created = () => app.stripe.calls.filter(({ path }) => path === "/v1/checkout/sessions").at(-1)?.form;
const portal = (userId: string) => app.oncepaid.portal({ userId });

test("a customer who was deleted at Stripe, and of whom nobody told, buys again as a new one", async () => {
  const { userId, customer: gone } = await customer();
  app.stripe.script.deletedCustomer = gone;
  expect((await buyAgain(userId)).status).toBe(200);
  expect(created()?.get("customer")).toBeNull();
  expect(created()?.get("customer_email")).toBe("buyer@example.com");
});

test("a customer of whom Stripe told that they were deleted is not asked for again", async () => {
  const { userId, customer: gone } = await customer();
  const deleted = event("customer.deleted", { id: gone, object: "customer", deleted: true });
  expect((await app.deliver(deleted)).json.outcome).toBe("applied");
  app.stripe.calls.length = 0;
  expect((await buyAgain(userId)).status).toBe(200);
  expect(app.stripe.calls.map(({ form }) => form.get("customer"))).toEqual([null]);
});

test("where the customer was deleted at Stripe the billing portal opens for the one of another purchase, and says plainly where there is none", async () => {
  const { userId, customer: first } = await customer();
  const second = await app.order("ebook", { userId });
  const paid = completed(second, { customer: "cus_newer" });
  await app.deliver({ ...paid, created: paid.created + 60 });
  app.stripe.script.deletedCustomer = "cus_newer";
  expect(await portal(userId)).toMatchObject({ ok: true, url: expect.stringContaining(first) });
  app.stripe.script.deletedCustomer = first;
  expect(await portal(userId)).toMatchObject({ ok: false, code: "no_customer" });
});

test("an address that a plan's owner changes at Stripe is where its mails go, and one that support corrected later stays", async () => {
  const payment = await app.order("pro");
  const owner = `cus_${payment.charge}`;
  await app.deliver(completed(payment, { mode: "subscription", subscription: "sub_moved", customer: owner }));
  const emailOf = async () =>
    (await app.rows<{ email: string }>('select email from "order" where id = $1', [payment.orderId]))[0]
      ?.email;
  const updated = (email: string, before: object, created: number) =>
    event(
      "customer.updated",
      { id: owner, object: "customer", email },
      {
        created,
        data: { object: { id: owner, object: "customer", email }, previous_attributes: before },
      },
    );
  const now = Math.floor(Date.now() / 1000);
  await app.deliver(updated("new@example.com", { email: "buyer@example.com" }, now));
  await app.deliver(completed(payment, { mode: "subscription", subscription: "sub_moved", customer: owner }));
  expect(await emailOf()).toBe("new@example.com");
  await app.deliver(updated("older@example.com", { email: "oldest@example.com" }, now - 60));
  await app.deliver(updated("same@example.com", { name: "Ada" }, now + 60));
  expect(await emailOf()).toBe("new@example.com");
  await app.oncepaid.correct(payment.orderId, { email: "corrected@example.com", by: "ada" });
  await app.deliver(updated("late@example.com", { email: "new@example.com" }, now - 1));
  expect(await emailOf()).toBe("corrected@example.com");
});
