import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { chargeRefunded, completed, event } from "../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ SMTP_URL: "smtp://127.0.0.1:1" });
});
afterAll(() => app.close());

const outbox = async (orderId: string) =>
  app.rows<{ queue: string; key: string; data: object }>(
    "select queue, key, data from outbox where data->>'orderId' = $1 order by id",
    [orderId],
  );

test("a paid order's receipt stands in the outbox once, however often the payment is told", async () => {
  const payment = await app.order();
  expect(await outbox(payment.orderId)).toEqual([]);
  const paid = completed(payment);
  await Promise.all([app.deliver(paid), app.deliver(paid), app.deliver(completed(payment))]);
  await app.deliver(completed(payment));
  expect(await outbox(payment.orderId)).toEqual([
    {
      queue: "mail",
      key: `receipt:${payment.orderId}`,
      data: { mail: "receipt", orderId: payment.orderId, locale: "en" },
    },
  ]);
});

test("every refund is told once, partial or full, whichever of its events comes first", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  const refund = (id: string, amount: number) =>
    event("refund.created", {
      id,
      object: "refund",
      amount,
      charge: payment.charge,
      created: Math.floor(Date.now() / 1000),
      payment_intent: payment.paymentIntent,
      status: "succeeded",
      metadata: {},
    });
  await app.deliver(chargeRefunded(payment, 500));
  await app.deliver(refund("re_part", 500));
  await app.deliver({ ...refund("re_part", 500), type: "refund.updated" });
  await app.deliver(refund("re_rest", 1400));
  await app.deliver(chargeRefunded(payment, 1900));
  expect((await outbox(payment.orderId)).map(({ key }) => key)).toEqual([
    `receipt:${payment.orderId}`,
    "refund:re_part",
    "refund:re_rest",
  ]);
});

test("the language of the page an order was made from is the language of its mails", async () => {
  const body = { cartId: "cart-in-hindi", productKey: "ebook", userId: "buyer-hi" };
  await app.post("/api/checkout", body, { ...app.asServer, "accept-language": "hi-IN,hi;q=0.9" });
  expect(await app.rows(`select locale from "order" where cart_id = $1`, ["cart-in-hindi"])).toEqual([
    { locale: "hi" },
  ]);
});
