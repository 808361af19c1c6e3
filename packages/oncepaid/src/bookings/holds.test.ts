import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  completed,
  event,
  newPayment,
  type Payment,
  sessionObject,
} from "../../../../test/support/events.ts";

/** Places while a checkout is open: who holds them, and until when. */
let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
beforeEach(async () => {
  Object.assign(app.stripe.script, { status: undefined, dropAnswers: undefined });
  app.stripe.calls.length = 0;
  // One test's dates are not another's.
  await app.rows("update slot set canceled_at = now()");
});

let carts = 0;
function cart(slotId: string | undefined, more: Record<string, unknown> = {}) {
  carts++;
  return { cartId: `cart-holds-${carts}`, productKey: "workshop", userId: `buyer-${carts}`, slotId, ...more };
}
const checkout = (body: unknown) => app.post("/api/checkout", body, app.asServer);
const slotOf = async (id: string) =>
  (
    await app.rows<{ taken: number; capacity: number }>("select taken, capacity from slot where id = $1", [
      id,
    ])
  )[0];
const bookingOf = async (orderId: unknown) =>
  (await app.rows("select slot_id, places, state from booking where order_id = $1", [orderId]))[0];
const sessionOf = (url: unknown) => String(url).slice(String(url).lastIndexOf("/") + 1);
const paymentOf = (json: Record<string, unknown>): Payment =>
  newPayment(String(json.orderId), sessionOf(json.url));
const expired = (payment: Payment) =>
  event(
    "checkout.session.expired",
    sessionObject(payment, { status: "expired", payment_status: "unpaid", payment_intent: null }),
  );
const created = () =>
  app.stripe.calls.filter(({ method, path }) => method === "POST" && path === "/v1/checkout/sessions");

test("starting a checkout holds the places for as long as the session can be paid", async () => {
  const slotId = await app.slot({ capacity: 3 });
  const { status, json } = await checkout(cart(slotId, { quantity: 2 }));
  expect(status).toBe(200);
  expect(await slotOf(slotId)).toEqual({ taken: 2, capacity: 3 });
  const view = await app.get(`/api/orders/${json.orderId}`, app.asServer);
  expect(view.json.booking).toMatchObject({ slotId, state: "held", places: 2, timeZone: "Asia/Kolkata" });
  const asked = Number(created()[0]?.form.get("expires_at"));
  const [hold] = await app.rows<{ until: number }>(
    "select extract(epoch from held_until)::int as until from booking where order_id = $1",
    [json.orderId],
  );
  expect(hold?.until).toBe(asked);
  const minutes = (asked - Date.now() / 1000) / 60;
  expect(minutes).toBeGreaterThan(30);
  expect(minutes).toBeLessThan(24 * 60);
});

test("the payment page is told the date and the place; of a date that was moved a new page is opened", async () => {
  const slotId = await app.slot();
  const body = cart(slotId);
  await checkout(body);
  const text = () => created().at(-1)?.form.get("custom_text[submit][message]") ?? "";
  const [{ place = "" } = {}] = await app.rows<{ place: string }>("select place from slot where id = $1", [
    slotId,
  ]);
  expect(text()).toContain(place);
  const first = text();
  await checkout(body);
  expect(created()).toHaveLength(1);
  await app.rows(
    "update slot set starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day' where id = $1",
    [slotId],
  );
  await checkout(body);
  expect(created()).toHaveLength(2);
  expect(text()).not.toBe(first);
});

test("without a free place nothing is stored, Stripe is not called, and the sentence says how many are left", async () => {
  const slotId = await app.slot({ capacity: 3 });
  await checkout(cart(slotId, { quantity: 2 }));
  app.stripe.calls.length = 0;
  const body = cart(slotId, { quantity: 2 });
  expect(await checkout(body)).toMatchObject({
    status: 409,
    json: { code: "sold_out", error: "Only one place is left on that date; nothing was charged." },
  });
  expect(await app.rows(`select from "order" where cart_id = $1`, [body.cartId])).toEqual([]);
  expect(app.stripe.calls).toEqual([]);
});

test("the same cart again gets the same page, also when its own hold took the last place", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const body = cart(slotId);
  const first = await checkout(body);
  expect((await checkout(body)).json).toEqual(first.json);
  expect((await checkout({ ...body, slotId: undefined })).json).toEqual(first.json);
  expect(await slotOf(slotId)).toEqual({ taken: 1, capacity: 1 });
});

test("500 checkouts at once for ten places: ten hold one, the others are told sold_out", async () => {
  const slotId = await app.slot({ capacity: 10 });
  const answers = await Promise.all(Array.from({ length: 500 }, () => checkout(cart(slotId))));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(200), count(409)]).toEqual([10, 490]);
  expect(new Set(answers.flatMap(({ json }) => json.code ?? []))).toEqual(new Set(["sold_out"]));
  expect(await slotOf(slotId)).toEqual({ taken: 10, capacity: 10 });
  expect(created()).toHaveLength(10);
});

test("expiries let the next buyers in until ten have paid, and then there are ten bookings", async () => {
  const slotId = await app.slot({ capacity: 10 });
  let paid = 0;
  for (let round = 0; paid < 10; round++) {
    const answers = await Promise.all(Array.from({ length: 30 }, () => checkout(cart(slotId))));
    const holders = answers.filter(({ status }) => status === 200).map(({ json }) => paymentOf(json));
    expect(holders).toHaveLength(10 - paid);
    // Of those who hold a place every second pays; the others never come back.
    const payers = holders.filter((_, place) => round >= 3 || place % 2 === 0);
    await Promise.all(
      holders.map((payment) => app.deliver(payers.includes(payment) ? completed(payment) : expired(payment))),
    );
    paid += payers.length;
    expect((await slotOf(slotId))?.taken).toBe(paid);
  }
  const states = await app.rows(
    "select state, count(*)::int from booking where slot_id = $1 group by 1 order by 1",
    [slotId],
  );
  expect(states[0]).toEqual({ state: "booked", count: 10 });
  expect((await checkout(cart(slotId))).json.code).toBe("sold_out");
});

test("another slot, another quantity or another product in the cart moves the hold with the attempt", async () => {
  const [first, second] = [await app.slot({ capacity: 5 }), await app.slot({ capacity: 5 })];
  const body = cart(first);
  const { json } = await checkout(body);
  await checkout({ ...body, quantity: 3 });
  expect(await slotOf(first)).toMatchObject({ taken: 3 });
  await checkout({ ...body, slotId: second });
  expect([await slotOf(first), await slotOf(second)]).toMatchObject([{ taken: 0 }, { taken: 1 }]);
  await checkout({ ...body, productKey: "ebook", slotId: undefined });
  expect(await slotOf(second)).toMatchObject({ taken: 0 });
  expect(await bookingOf(json.orderId)).toBeUndefined();
  const open = [...app.stripe.sessions.values()].filter(
    (session) => session.client_reference_id === json.orderId && session.status === "open",
  );
  expect(open).toHaveLength(1);
});

test("a buyer who asks for a full date keeps the page and the place they have", async () => {
  const [mine, full] = [await app.slot({ capacity: 1 }), await app.slot({ capacity: 1 })];
  await checkout(cart(full));
  const body = cart(mine);
  const first = await checkout(body);
  expect((await checkout({ ...body, slotId: full })).json.code).toBe("sold_out");
  expect((await checkout(body)).json).toEqual(first.json);
  expect(await slotOf(mine)).toMatchObject({ taken: 1 });
});

test("buyers who change places with each other at once all end with one place each", async () => {
  const [one, other] = [await app.slot({ capacity: 20 }), await app.slot({ capacity: 20 })];
  const bodies = Array.from({ length: 10 }, (_, place) => cart(place % 2 ? one : other));
  await Promise.all(bodies.map(checkout));
  const moved = await Promise.all(
    bodies.map((body) => checkout({ ...body, slotId: body.slotId === one ? other : one })),
  );
  expect(new Set(moved.map(({ status }) => status))).toEqual(new Set([200]));
  expect([await slotOf(one), await slotOf(other)]).toMatchObject([{ taken: 5 }, { taken: 5 }]);
});

test("a call that Stripe refuses gives the place back at once, and the order is canceled until the next try", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const body = cart(slotId);
  app.stripe.script.status = 400;
  expect((await checkout(body)).json.code).toBe("stripe_unavailable");
  expect(await slotOf(slotId)).toMatchObject({ taken: 0 });
  app.stripe.script.status = undefined;
  const { status, json } = await checkout(body);
  expect(status).toBe(200);
  expect(await bookingOf(json.orderId)).toMatchObject({ state: "held" });
});

test("an attempt whose call would come too late for Stripe is not repeated; the next one holds the place", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const body = cart(slotId);
  app.stripe.script.status = 500;
  expect((await checkout(body)).status).toBe(502);
  await app.rows(
    `update checkout_attempt set parameters = jsonb_set(parameters::jsonb, '{expires_at}', to_jsonb(extract(epoch from now())::int + 1500))::json
      where order_id = (select id from "order" where cart_id = $1)`,
    [body.cartId],
  );
  app.stripe.script.status = undefined;
  expect((await checkout(body)).status).toBe(200);
  expect(await slotOf(slotId)).toMatchObject({ taken: 1 });
});

test.each([
  ["an unknown date", () => "01890000-0000-7000-8000-00000000dead", "There is no such date."],
  ["something that is no id", () => "slot_1", "There is no such date."],
  ["a date of another product", () => stranger(), "That date belongs to another product."],
  ["a date that has begun", () => begun(), "That date has already begun."],
  ["a canceled date", () => canceled(), "That date has been canceled."],
])("%s is answered 400 with the issue", async (_, slotId, message) => {
  const answer = await checkout(cart(await slotId()));
  expect(answer).toMatchObject({
    status: 400,
    json: { code: "invalid_request", issues: [{ path: "slotId", message }] },
  });
});

async function stranger() {
  const id = await app.slot();
  await app.rows("update slot set product_key = 'concert' where id = $1", [id]);
  return id;
}
async function begun() {
  const id = await app.slot();
  await app.rows("update slot set starts_at = now() - interval '1 minute' where id = $1", [id]);
  return id;
}
async function canceled() {
  const id = await app.slot();
  await app.delete(`/api/admin/slots/${id}`, app.asServer);
  return id;
}

test("the date may be left out while exactly one has room", async () => {
  expect((await checkout(cart(undefined))).json.code).toBe("sold_out");
  const slotId = await app.slot({ capacity: 1 });
  const { json } = await checkout(cart(undefined));
  expect(await bookingOf(json.orderId)).toMatchObject({ slot_id: slotId });
  expect((await checkout(cart(undefined))).json.code).toBe("sold_out");
  await app.slot();
  expect((await checkout(cart(undefined))).status).toBe(200);
  await app.slot();
  expect((await checkout(cart(undefined))).json).toMatchObject({
    code: "invalid_request",
    issues: [{ path: "slotId", message: "Choose one of the dates." }],
  });
});

test.each([
  ["a plan and a booking", [{ productKey: "pro" }, { productKey: "workshop" }], undefined, "items"],
  [
    "a date for a product that has none",
    [{ productKey: "ebook" }],
    "01890000-0000-7000-8000-00000000dead",
    "slotId",
  ],
])("%s in one cart is answered 400", async (_, items, slotId, path) => {
  const body = cart(slotId, { items, productKey: undefined });
  expect(await checkout(body)).toMatchObject({ status: 400, json: { issues: [{ path }] } });
});

test("buyers see the dates still to come with the places that are left, and only those", async () => {
  const slotId = await app.slot({ capacity: 4, place: "Hall 7" });
  await begun();
  await checkout(cart(slotId));
  const { status, json } = await app.get("/api/slots?productKey=workshop");
  expect(status).toBe(200);
  expect(json.slots).toMatchObject([
    { id: slotId, productKey: "workshop", place: "Hall 7", capacity: 4, placesLeft: 3 },
  ]);
  expect((await app.get("/api/slots")).status).toBe(400);
});

test("a link to where it takes place is for who has booked: not for every visitor, nor for who might still pay", async () => {
  const link = "https://meet.example.com/abc";
  const slotId = await app.slot({ place: `Online: ${link}` });
  const { json } = await app.get("/api/slots?productKey=workshop");
  expect(json.slots).toContainEqual(expect.objectContaining({ id: slotId, place: null }));
  const payment = await app.order("workshop", { slotId });
  const placeOf = async () =>
    Object((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).json.booking).place;
  expect(await placeOf()).toBeNull();
  await app.deliver(completed(payment));
  expect(await placeOf()).toBe(`Online: ${link}`);
});

test("mistake: places are counted by code that somebody goes around; here the database refuses", async () => {
  const slotId = await app.slot({ capacity: 1 });
  await checkout(cart(slotId));
  const insert = (state: string) =>
    app.rows(
      `insert into booking (order_id, slot_id, product_key, places, state, held_until)
       select id, $1, 'workshop', 1, $2, now() from "order" where id not in (select order_id from booking) limit 1`,
      [slotId, state],
    );
  await app.order("ebook");
  await expect(insert("booked")).rejects.toMatchObject({ code: "23514", constraint: "slot_not_oversold" });
  await expect(app.rows("update slot set taken = 0 where id = $1", [slotId])).rejects.toThrow(
    "nobody else writes it",
  );
  await expect(app.rows("update slot set capacity = 0 where id = $1", [slotId])).rejects.toMatchObject({
    code: "23514",
  });
  await expect(app.rows("update booking set places = 2 where slot_id = $1", [slotId])).rejects.toMatchObject({
    constraint: "slot_not_oversold",
  });
  await app.rows("delete from booking where slot_id = $1", [slotId]);
  expect(await slotOf(slotId)).toMatchObject({ taken: 0 });
  await app.rows("update slot set canceled_at = now() where id = $1", [slotId]);
  await expect(insert("held")).rejects.toMatchObject({ code: "23514", constraint: "slot_open" });
});
