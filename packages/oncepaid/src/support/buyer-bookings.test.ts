import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type BuyerChanges, booking } from "#/catalog/product.ts";
import { openPool } from "../../../../test/support/database.ts";
import {
  chargeRefunded,
  completed,
  event,
  newPayment,
  type Payment,
} from "../../../../test/support/events.ts";
import { PRODUCTS, startEngine, type TestEngine } from "../../test/engine.ts";

/** What buyers do about their bookings themselves, by the rules of the product. */
const DAY_MS = 86_400_000;
const BUYER = { by: "buyer" };
const PRICE = 1900;
const FREELY: BuyerChanges = { untilHours: 48, move: true, cancel: "refund" };

let app: TestEngine;
let told: string[] = [];

async function start(changes: BuyerChanges | undefined): Promise<TestEngine> {
  const workshop = booking({
    key: "workshop",
    name: "Workshop",
    price: "price_workshop",
    ...(changes && { changes }),
  });
  return startEngine({
    products: [...PRODUCTS.filter(({ kind }) => kind !== "booking"), workshop],
    after: {
      "booking.changed": ({ order, byBuyer }) => void told.push(`changed ${byBuyer} ${order.id}`),
      "booking.canceled": ({ order, byBuyer, refund }) =>
        void told.push(`canceled ${byBuyer !== undefined} ${refund ?? 0} ${order.id}`),
      "booking.kept": ({ order }) => void told.push(`kept ${order.id}`),
    },
  });
}

beforeAll(async () => {
  app = await start(FREELY);
});
afterAll(() => app.close());
beforeEach(() => {
  told = [];
});
afterEach(() => {
  delete app.stripe.script.status;
  app.stripe.script.dropAnswers = false;
});

async function newDate(capacity: number, inDays = 10, engine = app): Promise<string> {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS);
  const time = { startsAt: at(inDays), endsAt: at(inDays + 0.1), timeZone: "Asia/Kolkata" };
  const made = await engine.oncepaid.slots.create(
    { productKey: "workshop", ...time, place: "Bengaluru", capacity },
    { by: "ada" },
  );
  if (!made.ok) throw new Error(made.error);
  return made.slot.id;
}

let carts = 0;
async function booked(slotId: string, more: { quantity?: number; amount?: number } = {}, engine = app) {
  const { quantity = 1, amount = PRICE * quantity } = more;
  const cart = {
    cartId: `cart-booked-${++carts}`,
    userId: `buyer-${carts}`,
    productKey: "workshop" as const,
  };
  const started = await engine.oncepaid.checkout({ ...cart, slotId, quantity });
  if (!started.ok) throw new Error(started.error);
  const payment = {
    ...newPayment(started.orderId, started.url.slice(started.url.lastIndexOf("/") + 1)),
    amount,
  };
  await engine.deliver(completed(payment));
  return payment;
}

const bookingOf = async ({ orderId }: Payment, engine = app) =>
  (await engine.oncepaid.order(orderId))?.booking;
const takenIn = async (slotId: string, engine = app) => {
  const slot = await engine.oncepaid.slots.find(slotId);
  return slot && slot.capacity - slot.placesLeft;
};
/** What the app was told of an order. */
const toldOf = ({ orderId }: Payment) => told.filter((one) => one.endsWith(orderId));
const refundsMade = () => app.stripe.refunds.size;
const move = ({ orderId }: Payment, slotId: string) =>
  app.oncepaid.bookings.move(orderId, { slotId, ...BUYER });
const cancel = ({ orderId }: Payment) => app.oncepaid.bookings.cancel(orderId, BUYER);
const choices = ({ orderId }: Payment) => app.oncepaid.bookings.choices(orderId);

test("a booking moves with all its places to another date, and the timeline says that its buyer did it", async () => {
  const [first, other] = [await newDate(3), await newDate(3)];
  const payment = await booked(first, { quantity: 2 });
  expect(await move(payment, other)).toEqual({ ok: true });
  expect(await bookingOf(payment)).toMatchObject({ slotId: other, state: "booked", places: 2 });
  expect([await takenIn(first), await takenIn(other)]).toEqual([0, 2]);
  // The answer was lost, and it is asked for again.
  expect(await move(payment, other)).toEqual({ ok: true });
  expect(
    (await app.oncepaid.timeline(payment.orderId)).filter(({ what }) => what === "move_booking"),
  ).toEqual([expect.objectContaining({ actor: "buyer" })]);
  await app.oncepaid.sweep();
  expect(toldOf(payment)).toEqual([`changed true ${payment.orderId}`]);
});

test("of ten who want the last two places of another date at once, two get them and eight keep theirs", async () => {
  const [first, other] = [await newDate(10), await newDate(2)];
  const payments = await Promise.all(Array.from({ length: 10 }, () => booked(first)));
  const answers = await Promise.all(payments.map((payment) => move(payment, other)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
  expect(answers.filter((answer) => !answer.ok && answer.code === "sold_out")).toHaveLength(8);
  expect([await takenIn(first), await takenIn(other)]).toEqual([8, 2]);
});

test("of one booking more moves may be asked for at once than there are connections: each is answered", async () => {
  const dates = [await newDate(2), await newDate(2)] as const;
  const payment = await booked(dates[0]);
  const answers = await Promise.all(Array.from({ length: 60 }, () => move(payment, dates[1])));
  expect(answers).toEqual(answers.map(() => ({ ok: true })));
  expect(
    (await app.oncepaid.timeline(payment.orderId)).filter(({ what }) => what === "move_booking"),
  ).toHaveLength(1);
});

test("buyers who change dates with each other at the same moment don't wait for one another", async () => {
  const dates = [await newDate(20), await newDate(20)] as const;
  const payments = await Promise.all(
    Array.from({ length: 10 }, (_, n) => booked(dates[n % 2 === 0 ? 0 : 1])),
  );
  const answers = await Promise.all(payments.map((payment, n) => move(payment, dates[n % 2 === 0 ? 1 : 0])));
  expect(answers).toEqual(payments.map(() => ({ ok: true })));
  expect(await Promise.all(dates.map((id) => takenIn(id)))).toEqual([5, 5]);
});

test("a date that is canceled while its buyers move away refunds those who are still in it, and nobody else", async () => {
  const [first, other] = [await newDate(10), await newDate(10)];
  const payments = await Promise.all(Array.from({ length: 6 }, () => booked(first)));
  const [canceled] = await Promise.all([
    app.oncepaid.slots.cancel(first, { refund: true, by: "ada" }),
    ...payments.map((payment) => move(payment, other)),
  ]);
  const moved = await takenIn(other);
  expect(canceled).toMatchObject({ ok: true, refunding: 6 - (moved ?? 0) });
});

const moveAs = ({ orderId }: Payment, slotId: string, more: { key?: string; note?: string } = {}) =>
  app.oncepaid.moveBooking(orderId, { slotId, by: "support:ada", ...more });
const movesOf = async ({ orderId }: Payment) =>
  (await app.oncepaid.timeline(orderId)).filter(({ what }) => what === "move_booking");

test("support moves a booking past the deadline; asked again, or under the same key, nothing is told twice", async () => {
  const [soon, other, third] = [await newDate(2, 1), await newDate(2), await newDate(2)];
  const payment = await booked(soon, { quantity: 2 });
  expect(await move(payment, other)).toMatchObject({ ok: false, code: "not_changeable" });
  const asked = { key: `moved-${payment.orderId}`, note: "She is ill." };
  expect(await moveAs(payment, other, asked)).toEqual({ ok: true });
  expect(await moveAs(payment, other, asked)).toEqual({ ok: true });
  expect(await moveAs(payment, other)).toEqual({ ok: true });
  expect(await moveAs(payment, third, asked)).toMatchObject({ code: "idempotency_key_reused" });
  expect(await bookingOf(payment)).toMatchObject({ slotId: other, state: "booked", places: 2 });
  expect([await takenIn(soon), await takenIn(other)]).toEqual([0, 2]);
  expect(await movesOf(payment)).toEqual([
    expect.objectContaining({ actor: "support:ada", note: "She is ill." }),
  ]);
  const { entries } = await app.oncepaid.audit.list({ what: "support.move_booking", by: "support:ada" });
  expect(entries.find(({ orderId }) => orderId === payment.orderId)?.details).toEqual({ slotId: other });
  await app.oncepaid.sweep();
  expect(toldOf(payment)).toEqual([`changed undefined ${payment.orderId}`]);
});

test("support's moves aren't counted among the ten that a buyer has", async () => {
  const dates = [await newDate(1), await newDate(1)] as const;
  const payment = await booked(dates[0]);
  for (let n = 1; n <= 10; n++) {
    expect(await moveAs(payment, dates[n % 2 === 0 ? 0 : 1])).toEqual({ ok: true });
  }
  expect(await move(payment, dates[1])).toEqual({ ok: true });
});

test("of two whom support moves to the last place at once, one gets it and the other keeps theirs", async () => {
  const [first, other] = [await newDate(2), await newDate(1)];
  const payments = [await booked(first), await booked(first)];
  const answers = await Promise.all(payments.map((payment) => moveAs(payment, other)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: "sold_out" });
  expect([await takenIn(first), await takenIn(other)]).toEqual([1, 1]);
});

test("support moves nobody to a date that is canceled, closed, begun, full or of another product, and no order without a booking", async () => {
  const [first, full, closed, canceled, begun] = [
    await newDate(5),
    await newDate(1),
    await newDate(5),
    await newDate(5),
    await newDate(5),
  ];
  await booked(full);
  await app.oncepaid.slots.change(closed, { closed: true }, { by: "ada" });
  await app.oncepaid.slots.cancel(canceled, { by: "ada" });
  const pool = openPool(app.database.url, 1);
  await pool.query("update oncepaid.slot set starts_at = now() - interval '1 minute' where id = $1", [begun]);
  await pool.end();
  const payment = await booked(first);
  expect(await moveAs(payment, full)).toMatchObject({ ok: false, code: "sold_out" });
  for (const date of [closed, canceled, begun]) {
    expect(await moveAs(payment, date)).toMatchObject({ ok: false, code: "not_changeable" });
  }
  expect(await moveAs(payment, payment.orderId)).toMatchObject({ ok: false, code: "invalid_request" });
  expect(await bookingOf(payment)).toMatchObject({ slotId: first, state: "booked" });
  await cancel(payment);
  expect(await moveAs(payment, await newDate(1))).toMatchObject({ ok: false, code: "not_changeable" });
  expect(await movesOf(payment)).toEqual([]);
});

test("whoever is too late, or has no such rule, is told so, and nothing changes", async () => {
  const [soon, other] = [await newDate(5, 1.9), await newDate(5)];
  const late = await booked(soon);
  const problem = { ok: false, code: "not_changeable" };
  expect(await choices(late)).toMatchObject({ move: false, cancel: false });
  expect(await move(late, other)).toMatchObject(problem);
  expect(await cancel(late)).toMatchObject(problem);
  expect(await bookingOf(late)).toMatchObject({ slotId: soon, state: "booked" });
  const strict = await start(undefined);
  try {
    const [first, second] = [await newDate(1, 10, strict), await newDate(1, 10, strict)];
    const { orderId } = await booked(first, {}, strict);
    expect(await strict.oncepaid.bookings.choices(orderId)).toMatchObject({ until: null, move: false });
    expect(await strict.oncepaid.bookings.move(orderId, { slotId: second, ...BUYER })).toMatchObject(problem);
    expect(await strict.oncepaid.bookings.cancel(orderId, BUYER)).toMatchObject(problem);
  } finally {
    await strict.close();
  }
});

test("a date that is full, canceled, closed or none of this product is refused", async () => {
  const [first, full, closed] = [await newDate(5), await newDate(1), await newDate(5)];
  await booked(full);
  await app.oncepaid.slots.change(closed, { closed: true }, { by: "ada" });
  const payment = await booked(first);
  expect(await move(payment, full)).toMatchObject({ ok: false, code: "sold_out" });
  expect(await move(payment, closed)).toEqual({
    ok: false,
    code: "not_changeable",
    error: "That date is closed for booking.",
  });
  expect(await move(payment, crypto.randomUUID())).toMatchObject({ ok: false, code: "invalid_request" });
  expect(await bookingOf(payment)).toMatchObject({ slotId: first });
});

test("who cancels gets back what was paid for it, once, however often they press", async () => {
  const date = await newDate(2);
  const payment = await booked(date);
  const before = refundsMade();
  expect(await choices(payment)).toMatchObject({ cancel: true, refund: PRICE, canceling: false });
  const answers = await Promise.all([cancel(payment), cancel(payment), cancel(payment)]);
  expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, refund: PRICE, state: "made" }]);
  expect(refundsMade() - before).toBe(1);
  // The place is theirs until Stripe has told of the refund: it could be refused.
  expect(await takenIn(date)).toBe(1);
  expect(await choices(payment)).toMatchObject({ move: false, cancel: false, canceling: true });
  expect(await move(payment, await newDate(1))).toMatchObject({ ok: false, code: "not_changeable" });
  await app.deliver(chargeRefunded(payment, PRICE));
  expect(await takenIn(date)).toBe(0);
  expect(await choices(payment)).toMatchObject({ canceling: false, cancel: false });
  await app.oncepaid.sweep();
  expect(toldOf(payment)).toEqual([`canceled true ${PRICE} ${payment.orderId}`]);
});

test("support's refund and the buyer's, one after the other or at once, ask Stripe once", async () => {
  const asked = () =>
    app.stripe.calls.filter(({ method, path }) => `${method} ${path}` === "POST /v1/refunds").length;
  const [one, other] = [await booked(await newDate(2)), await booked(await newDate(2))];
  const before = asked();
  const refund = ({ orderId }: Payment) => app.oncepaid.refund(orderId, { by: "ada" });
  expect(await cancel(one)).toMatchObject({ ok: true });
  expect(await refund(one)).toMatchObject({ ok: false, code: "not_refundable" });
  const answers = await Promise.all([cancel(other), refund(other)]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(asked() - before).toBe(2);
});

test("where Stripe can't be reached, or the process dies before its answer, the job gives the money back once", async () => {
  const [one, other] = [await booked(await newDate(2)), await booked(await newDate(2))];
  const before = refundsMade();
  app.stripe.script.status = 503;
  expect(await cancel(one)).toEqual({ ok: true, refund: PRICE, state: "asked" });
  delete app.stripe.script.status;
  app.stripe.script.dropAnswers = true;
  expect(await cancel(other)).toEqual({ ok: true, refund: PRICE, state: "asked" });
  expect(refundsMade() - before).toBe(1);
  app.stripe.script.dropAnswers = false;
  expect([...toldOf(one), ...toldOf(other)]).toEqual([]);
  await app.oncepaid.sweep();
  await app.oncepaid.sweep();
  expect(refundsMade() - before).toBe(2);
  for (const payment of [one, other]) {
    expect(toldOf(payment)).toEqual([`canceled true ${PRICE} ${payment.orderId}`]);
  }
});

test("a booking that cost nothing is free again at once, and nothing is asked of Stripe", async () => {
  const date = await newDate(1);
  const payment = await booked(date, { amount: 0 });
  const before = app.stripe.calls.length;
  expect(await cancel(payment)).toEqual({ ok: true, refund: 0, state: "made" });
  expect(app.stripe.calls).toHaveLength(before);
  expect(await takenIn(date)).toBe(0);
  expect((await app.oncepaid.order(payment.orderId))?.entitlements).toMatchObject([
    { state: "ended", reason: "buyer" },
  ]);
});

test("a process that dies after it was asked for, and before the place is free, frees it later, and tells of it once", async () => {
  const date = await newDate(1);
  const payment = await booked(date, { amount: 0 });
  const pool = openPool(app.database.url, 1);
  await pool.query("alter table oncepaid.order_change rename to order_change_away");
  expect(await cancel(payment)).toEqual({ ok: true, refund: 0, state: "asked" });
  expect(await takenIn(date)).toBe(1);
  await pool.query("alter table oncepaid.order_change_away rename to order_change");
  await pool.end();
  await app.oncepaid.sweep();
  await app.oncepaid.sweep();
  expect(await takenIn(date)).toBe(0);
  expect(toldOf(payment)).toEqual([`canceled true 0 ${payment.orderId}`]);
});

test("with no_refund the place is free and the money stays", async () => {
  const kept = await start({ ...FREELY, cancel: "no_refund" });
  try {
    const date = await newDate(1, 10, kept);
    const { orderId } = await booked(date, {}, kept);
    expect(await kept.oncepaid.bookings.choices(orderId)).toMatchObject({ cancel: true, refund: 0 });
    expect(await kept.oncepaid.bookings.cancel(orderId, BUYER)).toEqual({
      ok: true,
      refund: 0,
      state: "made",
    });
    expect(await takenIn(date, kept)).toBe(0);
    expect(kept.stripe.refunds.size).toBe(0);
    expect(await kept.oncepaid.order(orderId)).toMatchObject({ amountRefunded: 0 });
  } finally {
    await kept.close();
  }
});

test("ten times is often enough: each move is a mail", async () => {
  const dates = [await newDate(2), await newDate(2)] as const;
  const payment = await booked(dates[0]);
  for (let n = 1; n <= 10; n++) {
    expect(await move(payment, dates[n % 2 === 0 ? 0 : 1])).toEqual({ ok: true });
  }
  expect(await move(payment, dates[1])).toMatchObject({ ok: false, code: "not_changeable" });
});

test("a refund that the bank sends back leaves it booked, and it may be canceled again", async () => {
  const date = await newDate(1);
  const payment = await booked(date);
  expect(await cancel(payment)).toMatchObject({ ok: true, refund: PRICE });
  const [id = "", made] = [...app.stripe.refunds].at(-1) ?? [];
  const refund = {
    id,
    object: "refund",
    amount: PRICE,
    charge: payment.charge,
    payment_intent: payment.paymentIntent,
    status: "succeeded",
    created: Math.floor(Date.now() / 1000),
    metadata: made?.metadata ?? {},
  };
  await app.deliver(event("refund.created", refund));
  expect(await takenIn(date)).toBe(0);
  await app.deliver(event("refund.failed", { ...refund, status: "failed" }));
  expect(await takenIn(date)).toBe(1);
  expect(await choices(payment)).toMatchObject({ canceling: false, cancel: true, refund: PRICE });
});

test("what Stripe refuses after the buyer was told that it was asked for is told as a booking that stands, once", async () => {
  const date = await newDate(1);
  const payment = await booked(date);
  app.stripe.script.status = 503;
  expect(await cancel(payment)).toMatchObject({ ok: true, state: "asked" });
  delete app.stripe.script.status;
  // Meanwhile somebody gave it back in Stripe's dashboard, of which nobody has told yet.
  app.stripe.refunds.set("re_dashboard", {
    payment_intent: payment.paymentIntent,
    amount: PRICE,
    metadata: {},
  });
  await app.oncepaid.sweep();
  await app.oncepaid.sweep();
  expect(toldOf(payment)).toEqual([`kept ${payment.orderId}`]);
  expect(await choices(payment)).toMatchObject({ canceling: false, cancel: true });
  // Who waits for the answer has it there.
  expect(await cancel(payment)).toMatchObject({ ok: false, code: "refused_by_stripe" });
  await app.oncepaid.sweep();
  expect(toldOf(payment)).toHaveLength(1);
});

test("what cost nothing beside something that did is given up without a refund", async () => {
  const date = await newDate(1);
  const { orderId } = await booked(date, { amount: 0 }, app);
  const pool = openPool(app.database.url, 1);
  await pool.query(`update "order" set amount_total = 500, stripe_payment_intent_id = $2 where id = $1`, [
    orderId,
    `pi_${orderId}`,
  ]);
  await pool.query("update order_item set unit_amount = 0 where order_id = $1", [orderId]);
  await pool.query(
    "insert into order_item (order_id, product_key, quantity, unit_amount) values ($1, 'ebook', 1, 500)",
    [orderId],
  );
  await pool.end();
  const before = refundsMade();
  expect(await app.oncepaid.bookings.choices(orderId)).toMatchObject({ cancel: true, refund: 0 });
  expect(await app.oncepaid.bookings.cancel(orderId, BUYER)).toEqual({ ok: true, refund: 0, state: "made" });
  expect(refundsMade()).toBe(before);
});
