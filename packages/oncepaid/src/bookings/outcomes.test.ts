import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refundOrder } from "#/checkout/refund.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  type Payment,
  sessionObject,
} from "../../../../test/support/events.ts";

/** What becomes of a held place: every way it can go, whatever order the news comes in. */
let app: TestApi;
beforeAll(async () => {
  // Mail is on, so that it is queued; nobody sends it here.
  app = await startApi({ SMTP_URL: "smtp://127.0.0.1:1" });
});
afterAll(() => app.close());
beforeEach(() => {
  app.stripe.script.status = undefined;
});

const PRICE = 1900;
const unpaid = { payment_status: "unpaid" };
const delayed = (payment: Payment) => completed(payment, unpaid);
const expired = (payment: Payment) =>
  event(
    "checkout.session.expired",
    sessionObject(payment, { ...unpaid, status: "expired", payment_intent: null }),
  );
const arrived = (payment: Payment) =>
  event("checkout.session.async_payment_succeeded", sessionObject(payment));
const bounced = (payment: Payment) =>
  event("checkout.session.async_payment_failed", sessionObject(payment, unpaid));
const refunded = (payment: Payment) => chargeRefunded(payment, PRICE);
const dispute = (status: string) => (payment: Payment) =>
  event("charge.dispute.closed", disputeObject(payment, status));
const partLost = (payment: Payment) =>
  event("charge.dispute.closed", { ...disputeObject(payment, "lost"), amount: PRICE / 10 });
const refundFailed = (payment: Payment) =>
  event("refund.failed", {
    id: `re_${payment.charge}`,
    object: "refund",
    amount: PRICE,
    charge: payment.charge,
    created: Math.floor(Date.now() / 1000),
    metadata: { order_id: payment.orderId },
    payment_intent: payment.paymentIntent,
    status: "failed",
  });

const hold = async (slotId: string, more: Record<string, unknown> = {}) =>
  app.order("workshop", { slotId, ...more });
const taken = async (slotId: string) =>
  (await app.rows<{ taken: number }>("select taken from slot where id = $1", [slotId]))[0]?.taken;
async function stateOf({ orderId }: Payment) {
  const { json } = await app.get(`/api/orders/${orderId}`, app.asServer);
  const entitlements = Array.isArray(json.entitlements) ? json.entitlements : [];
  return [json.status, Object(json.booking).state, entitlements.map(({ state }) => state).join()];
}
const jobsOf = async ({ orderId }: Payment) =>
  (
    await app.rows<{ key: string }>(
      "select key from outbox where data ->> 'orderId' = $1 and key not like 'receipt:%' order by id",
      [orderId],
    )
  ).map(({ key }) => key.replace(orderId, "order"));

type News = (payment: Payment) => ReturnType<typeof event>;
test.each<[string, News[], string[]]>([
  ["a payment books it", [completed], ["FULFILLED", "booked", "active"]],
  ["an expiry releases it", [expired], ["CANCELED", "released", ""]],
  ["a delayed payment that is on its way keeps it", [delayed], ["PENDING", "held", ""]],
  ["a delayed payment that arrived books it", [delayed, arrived], ["FULFILLED", "booked", "active"]],
  ["a delayed payment that failed releases it", [delayed, bounced], ["FAILED", "released", ""]],
  ["a late payment is honoured while places remain", [expired, completed], ["FULFILLED", "booked", "active"]],
  ["a refund releases it by the product's policy", [completed, refunded], ["REFUNDED", "released", "ended"]],
  ["a lost dispute too", [completed, dispute("lost")], ["REFUNDED", "released", "ended"]],
  [
    "a dispute that takes a part of its payment leaves it booked",
    [completed, partLost],
    ["FULFILLED", "booked", "active"],
  ],
  [
    "one that was lost and then won has it again",
    [completed, dispute("lost"), dispute("won")],
    ["FULFILLED", "booked", "active"],
  ],
  [
    "a refund that failed has it again",
    [completed, refunded, refundFailed],
    ["FULFILLED", "booked", "active"],
  ],
  [
    "an expiry that comes after the payment takes nothing",
    [completed, expired],
    ["FULFILLED", "booked", "active"],
  ],
])("%s, in whatever order it is heard", async (_, news, state) => {
  for (const order of permutations(news)) {
    const slotId = await app.slot({ capacity: 1 });
    const payment = await hold(slotId);
    for (const tell of order) {
      const told = tell(payment);
      await Promise.all([app.deliver(told), app.deliver(told)]);
    }
    expect(await stateOf(payment)).toEqual(state);
    expect(await taken(slotId)).toBe(state[1] === "held" || state[1] === "booked" ? 1 : 0);
  }
});

function permutations(news: News[]): News[][] {
  if (news.length < 2) return [news];
  return news.flatMap((first, place) =>
    permutations(news.filter((_, other) => other !== place)).map((rest) => [first, ...rest]),
  );
}

test("a late payment for a place that went to somebody else is refused once: refunded by us, with a mail", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const late = await hold(slotId);
  await app.deliver(expired(late));
  const next = await hold(slotId);
  const paid = completed(late);
  await Promise.all([app.deliver(paid), app.deliver(paid), app.deliver(arrived(late))]);
  expect(await stateOf(late)).toEqual(["PAID", "refused", ""]);
  expect(await jobsOf(late)).toEqual(["refund:order:no_place_left", "booking_refused:order"]);
  expect(await taken(slotId)).toBe(1);
  const why = `/api/entitlements/explain?userId=${await ownerOf(late)}&productKey=workshop`;
  expect((await app.get(why, app.asServer)).json).toMatchObject({
    access: false,
    because: expect.stringContaining(
      "it was paid when no place was left, and what was paid is on its way back",
    ),
    orders: [{ place: "refused" }],
  });
  const log = await app.rows("select event from fulfillment_log where order_id = $1", [late.orderId]);
  expect(log).toEqual([{ event: "booking.refused" }]);
  await app.deliver(completed(next));
  expect(await stateOf(next)).toEqual(["FULFILLED", "booked", "active"]);

  const job = { orderId: late.orderId, reason: "no_place_left" as const };
  const refunds = () =>
    [...app.stripe.refunds.values()].filter(({ payment_intent }) => payment_intent === late.paymentIntent);
  await Promise.all([refundOrder(app.engine, "refund:one", job), refundOrder(app.engine, "refund:one", job)]);
  // Long after Stripe has forgotten the key.
  await refundOrder(app.engine, "refund:two", job);
  expect(refunds()).toMatchObject([{ metadata: { order_id: late.orderId } }]);
  await app.deliver(refunded(late));
  expect(await stateOf(late)).toEqual(["REFUNDED", "refused", ""]);
  const cart = { cartId: late.cartId, productKey: "workshop", slotId, userId: await ownerOf(late) };
  expect((await app.post("/api/checkout", cart, app.asServer)).json.code).toBe("already_paid");
});

test("a refund that can't be made now is tried again, also when Stripe has kept its own failure", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  const job = { orderId: payment.orderId, reason: "no_place_left" as const };
  app.stripe.script.status = 500;
  await expect(refundOrder(app.engine, "refund:down", job)).rejects.toThrow("StripeAPIError");
  app.stripe.script.status = undefined;
  await refundOrder(app.engine, "refund:down", job);
  expect([...app.stripe.refunds.values()].map(({ payment_intent }) => payment_intent)).toContain(
    payment.paymentIntent,
  );
});

test("a refused place that cost nothing leaves nothing to give back", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const late = await hold(slotId);
  const free = { payment_status: "no_payment_required", amount_total: 0, payment_intent: null };
  await app.deliver(event("checkout.session.expired", sessionObject(late, free)));
  await hold(slotId);
  await app.deliver(completed(late, free));
  expect(await stateOf(late)).toEqual(["CANCELED", "refused", ""]);
  const refunds = app.stripe.refunds.size;
  await refundOrder(app.engine, "refund:free", { orderId: late.orderId, reason: "no_place_left" });
  expect(app.stripe.refunds.size).toBe(refunds);
});

test("of twenty late payments for five places five are booked and fifteen are refused", async () => {
  const slotId = await app.slot({ capacity: 20 });
  const late = await Promise.all(Array.from({ length: 20 }, () => hold(slotId)));
  await Promise.all(late.map((payment) => app.deliver(expired(payment))));
  expect(await taken(slotId)).toBe(0);
  await app.patch(`/api/admin/slots/${slotId}`, { capacity: 5 }, app.asServer);
  await Promise.all(late.map((payment) => app.deliver(completed(payment))));
  const states = (await Promise.all(late.map(stateOf))).map((state) => state.join(" ")).sort();
  expect(states).toEqual([
    ...Array<string>(5).fill("FULFILLED booked active"),
    ...Array<string>(15).fill("PAID refused "),
  ]);
  expect(await taken(slotId)).toBe(5);
});

test("a refund that failed after its place was sold leaves the order refused, and it is refunded again", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const first = await hold(slotId);
  await app.deliver(completed(first));
  await app.deliver(refunded(first));
  await hold(slotId);
  await app.deliver(refundFailed(first));
  expect(await stateOf(first)).toEqual(["PAID", "refused", "ended"]);
  expect(await jobsOf(first)).toContain("refund:order:no_place_left");
});

test("a payment that comes before any news of its session's end costs nobody a place", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const payment = await hold(slotId);
  await app.rows("update booking set held_until = now() - interval '1 day' where order_id = $1", [
    payment.orderId,
  ]);
  await app.deliver(completed(payment));
  await settleOpenOrders(app.engine);
  expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
});

const overdue = (payment: Payment) =>
  app.rows("update booking set held_until = now() - interval '6 minutes' where order_id = $1", [
    payment.orderId,
  ]);
const atStripe = (payment: Payment, state: Record<string, unknown>) =>
  Object.assign(app.stripe.sessions.get(payment.sessionId) ?? {}, state);

test("holds of which nothing was heard are settled by asking Stripe", async () => {
  const slotId = await app.slot({ capacity: 4 });
  const [gone, paid, waiting, early] = [
    await hold(slotId),
    await hold(slotId),
    await hold(slotId),
    await hold(slotId),
  ];
  atStripe(gone, { status: "expired" });
  atStripe(paid, { status: "complete", payment_status: "paid", payment_intent: paid.paymentIntent });
  atStripe(waiting, { status: "complete", payment_status: "unpaid" });
  await Promise.all([gone, paid, waiting].map(overdue));
  await settleOpenOrders(app.engine);
  await settleOpenOrders(app.engine);
  expect(await stateOf(gone)).toEqual(["CANCELED", "released", ""]);
  expect(await stateOf(paid)).toEqual(["FULFILLED", "booked", "active"]);
  expect(await stateOf(waiting)).toEqual(["PENDING", "held", ""]);
  expect(await stateOf(early)).toEqual(["PENDING", "held", ""]);
  expect(await taken(slotId)).toBe(3);
});

test("a refund that was heard of before its payment holds no place for ever", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const payment = await hold(slotId);
  await app.deliver(refunded(payment));
  expect(await stateOf(payment)).toEqual(["REFUNDED", "held", ""]);
  atStripe(payment, { status: "complete", payment_status: "paid", payment_intent: payment.paymentIntent });
  await overdue(payment);
  await settleOpenOrders(app.engine);
  expect(await stateOf(payment)).toEqual(["REFUNDED", "released", "ended"]);
});

test("an attempt that never got its session gives the place back when its time is over, and the order is canceled", async () => {
  const slotId = await app.slot({ capacity: 1 });
  app.stripe.script.status = 500;
  const cart = { cartId: "cart-never-answered", productKey: "workshop", slotId, userId: "buyer-unanswered" };
  expect((await app.post("/api/checkout", cart, app.asServer)).status).toBe(502);
  await settleOpenOrders(app.engine);
  expect(await taken(slotId)).toBe(1);
  await app.rows(
    `update checkout_attempt set parameters = jsonb_set(parameters::jsonb, '{expires_at}',
            to_jsonb(extract(epoch from now())::int - 360))::json
      where order_id = (select id from "order" where cart_id = $1)`,
    [cart.cartId],
  );
  await settleOpenOrders(app.engine);
  expect(await taken(slotId)).toBe(0);
  expect(await app.rows(`select status from "order" where cart_id = $1`, [cart.cartId])).toEqual([
    { status: "CANCELED" },
  ]);
  app.stripe.script.status = undefined;
  expect((await app.post("/api/checkout", cart, app.asServer)).status).toBe(200);
  expect(await taken(slotId)).toBe(1);
});

test("any other order that never got a session is canceled after the day its key is good for", async () => {
  app.stripe.script.status = 500;
  const cart = { cartId: "cart-never-either", productKey: "ebook", userId: "buyer-unanswered" };
  await app.post("/api/checkout", cart, app.asServer);
  const status = async () =>
    (await app.rows(`select status from "order" where cart_id = $1`, [cart.cartId]))[0];
  await settleOpenOrders(app.engine);
  expect(await status()).toEqual({ status: "PENDING" });
  await app.rows(
    `update checkout_attempt set created_at = now() - interval '25 hours'
      where order_id = (select id from "order" where cart_id = $1)`,
    [cart.cartId],
  );
  await settleOpenOrders(app.engine);
  expect(await status()).toEqual({ status: "CANCELED" });
});

test("the timeline tells what became of the place", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const payment = await hold(slotId);
  await app.deliver(expired(payment));
  await app.deliver(completed(payment));
  const { json } = await app.get(`/api/admin/orders/${payment.orderId}`, app.asServer);
  const changes = Array.isArray(json.timeline) ? json.timeline.filter(({ what }) => what === "changed") : [];
  expect(changes.map(({ before, after }) => [before.place, after.place])).toEqual([
    ["held", "released"],
    ["released", "booked"],
  ]);
});

async function ownerOf({ orderId }: Payment) {
  return (await app.rows<{ user_id: string }>(`select user_id from "order" where id = $1`, [orderId]))[0]
    ?.user_id;
}

/** A refund of these lines, as its own event tells it. */
const returned = (
  payment: Payment,
  items: string,
  status = "succeeded",
  id = `re_${items}_${payment.charge}`,
) =>
  event(status === "failed" ? "refund.failed" : "refund.created", {
    id,
    object: "refund",
    amount: PRICE,
    charge: payment.charge,
    created: Math.floor(Date.now() / 1000),
    metadata: { order_id: payment.orderId, items },
    payment_intent: payment.paymentIntent,
    status,
  });
const grantsOf = ({ orderId }: Payment) =>
  app.rows<{ product_key: string; state: string; quantity: number; reason: string | null }>(
    "select product_key, state, quantity, reason from entitlement where order_id = $1 order by product_key",
    [orderId],
  );
const three = { quantity: 3 };

test.each([
  ["after the payment", false],
  ["before it was heard of", true],
])("one of three places that is given back is free again, and the two others stay: %s", async (_, early) => {
  const slotId = await app.slot({ capacity: 3 });
  const payment = { ...(await hold(slotId, three)), amount: 3 * PRICE };
  const events = [completed(payment), returned(payment, "workshop:1")];
  for (const one of early ? events.reverse() : events) await app.deliver(one);
  expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
  expect(await grantsOf(payment)).toMatchObject([{ state: "active", quantity: 2 }]);
  expect(await taken(slotId)).toBe(2);
  const next = await hold(slotId);
  await app.deliver(completed(next));
  expect(await taken(slotId)).toBe(3);
  // Its refund fails: the place is somebody else's by now, and the two stay where they are.
  await app.deliver(returned(payment, "workshop:1", "failed"));
  expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
  expect(await taken(slotId)).toBe(3);
});

test("a place whose refund failed is booked again while it is free, and the last of them releases all", async () => {
  const slotId = await app.slot({ capacity: 3 });
  const payment = { ...(await hold(slotId, three)), amount: 3 * PRICE };
  await app.deliver(completed(payment));
  await app.deliver(returned(payment, "workshop:1"));
  await app.deliver(returned(payment, "workshop:1", "failed"));
  expect(await taken(slotId)).toBe(3);
  await app.deliver(returned(payment, "workshop:3", "succeeded", `re_all_${payment.charge}`));
  expect(await taken(slotId)).toBe(0);
  expect(await grantsOf(payment)).toMatchObject([{ state: "ended", reason: "refunded" }]);
});

test("one line of two that is given back ends by itself", async () => {
  const slotId = await app.slot({ capacity: 3 });
  const cart = { items: [{ productKey: "ebook" }, { productKey: "workshop", quantity: 2 }], slotId };
  const payment = { ...(await app.order(undefined, { productKey: undefined, ...cart })), amount: 3 * PRICE };
  await app.deliver(completed(payment));
  await app.deliver(returned(payment, "ebook:1"));
  expect(await grantsOf(payment)).toMatchObject([
    { product_key: "ebook", state: "ended", reason: "refunded" },
    { product_key: "workshop", state: "active", quantity: 2 },
  ]);
  expect(await taken(slotId)).toBe(2);
});

test("a booking that an operator ends is free again, and is booked again where it is restored", async () => {
  const slotId = await app.slot({ capacity: 3 });
  const payment = await hold(slotId);
  await app.deliver(completed(payment));
  const [entitlement] = await app.rows<{ id: string }>("select id from entitlement where order_id = $1", [
    payment.orderId,
  ]);
  await app.oncepaid.end(entitlement?.id ?? "", { by: "ada" });
  expect(await taken(slotId)).toBe(0);
  await app.oncepaid.restore(entitlement?.id ?? "", { by: "ada" });
  expect(await taken(slotId)).toBe(1);
  expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
});

async function accessOf({ orderId }: Payment): Promise<string> {
  const [entitlement] = await app.rows<{ id: string }>("select id from entitlement where order_id = $1", [
    orderId,
  ]);
  return entitlement?.id ?? "";
}
const isRefunded = async (payment: Payment) =>
  (await jobsOf(payment)).some((key) => key.startsWith("refund:"));
/** The date can't be bought any more: an operator closed it, or it has taken place. */
const OVER: [string, (slotId: string) => Promise<unknown>][] = [
  ["is closed", (slotId) => app.patch(`/api/admin/slots/${slotId}`, { closed: true }, app.asServer)],
  ["has begun", (slotId) => app.rows("update slot set starts_at = now() where id = $1", [slotId])],
];

test.each(OVER)(
  "a booking of a date that %s is ended by mistake: it is booked again where it is restored",
  async (_, over) => {
    const slotId = await app.slot({ capacity: 1 });
    const payment = await hold(slotId);
    await app.deliver(completed(payment));
    await over(slotId);
    const access = await accessOf(payment);
    await app.oncepaid.end(access, { by: "ada" });
    expect(await stateOf(payment)).toEqual(["FULFILLED", "released", "ended"]);
    expect(await app.oncepaid.restore(access, { by: "ada" })).toEqual({ ok: true });
    expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
    expect(await taken(slotId)).toBe(1);
    expect(await isRefunded(payment)).toBe(false);
  },
);

test.each(OVER)(
  "a dispute that was lost and is won after its date %s gives the place back, and no money",
  async (_, over) => {
    const slotId = await app.slot({ capacity: 1 });
    const payment = await hold(slotId);
    await app.deliver(completed(payment));
    await app.deliver(dispute("lost")(payment));
    await over(slotId);
    await app.deliver(dispute("won")(payment));
    expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
    expect(await isRefunded(payment)).toBe(false);
  },
);

test.each(OVER)(
  "places that were given back by themselves are had again after their date %s, where the refund fails",
  async (_, over) => {
    const slotId = await app.slot({ capacity: 2 });
    const payment = { ...(await hold(slotId, { quantity: 2 })), amount: 2 * PRICE };
    await app.deliver(completed(payment));
    await app.deliver(returned(payment, "workshop:1"));
    expect(await taken(slotId)).toBe(1);
    await over(slotId);
    await app.deliver(returned(payment, "workshop:1", "failed"));
    expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
    expect(await taken(slotId)).toBe(2);
  },
);

test.each(OVER)("whoever pays late for a date that %s gets the money back", async (_, over) => {
  const slotId = await app.slot({ capacity: 1 });
  const payment = await hold(slotId);
  await app.deliver(expired(payment));
  await over(slotId);
  await app.deliver(completed(payment));
  expect(await stateOf(payment)).toEqual(["PAID", "refused", ""]);
  expect(await isRefunded(payment)).toBe(true);
});

test("a booking whose place went to somebody else is not restored: support is told, and nothing is refunded", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const payment = await hold(slotId);
  await app.deliver(completed(payment));
  const access = await accessOf(payment);
  await app.oncepaid.end(access, { by: "ada" });
  await app.deliver(completed(await hold(slotId)));
  const restore = () => app.post(`/api/entitlements/${access}/restore`, { note: "Sorry." }, app.asServer);
  expect(await restore()).toMatchObject({
    status: 409,
    json: { code: "sold_out", error: expect.stringContaining("no room") },
  });
  expect(await stateOf(payment)).toEqual(["FULFILLED", "released", "ended"]);
  expect(await isRefunded(payment)).toBe(false);
  await app.patch(`/api/admin/slots/${slotId}`, { capacity: 2 }, app.asServer);
  expect((await restore()).status).toBe(200);
  expect(await stateOf(payment)).toEqual(["FULFILLED", "booked", "active"]);
});

test("a booking of a date that was canceled is not restored, and nothing is refunded", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const payment = await hold(slotId);
  await app.deliver(completed(payment));
  const access = await accessOf(payment);
  await app.oncepaid.end(access, { by: "ada" });
  await app.delete(`/api/admin/slots/${slotId}`, app.asServer);
  expect(await app.oncepaid.restore(access, { by: "ada" })).toMatchObject({
    code: "not_changeable",
    error: expect.stringContaining("canceled"),
  });
  expect(await stateOf(payment)).toEqual(["FULFILLED", "released", "ended"]);
  expect(await isRefunded(payment)).toBe(false);
});

test("of two bookings that are restored at once for one place, one has it and the other is as it was", async () => {
  const slotId = await app.slot({ capacity: 2 });
  const both = [await hold(slotId), await hold(slotId)];
  for (const payment of both) await app.deliver(completed(payment));
  const access = await Promise.all(both.map(accessOf));
  for (const id of access) await app.oncepaid.end(id, { by: "ada" });
  await app.patch(`/api/admin/slots/${slotId}`, { capacity: 1 }, app.asServer);
  const answers = await Promise.all(access.map((id) => app.oncepaid.restore(id, { by: "ada" })));
  expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
  expect((await Promise.all(both.map(stateOf))).map(String).sort()).toEqual([
    "FULFILLED,booked,active",
    "FULFILLED,released,ended",
  ]);
  expect(await Promise.all(both.map(isRefunded))).toEqual([false, false]);
});
