import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { booking, download } from "#/catalog/product.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { refundBookingLine } from "#/support/refund-booking-line.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder, type TestDatabase } from "../../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../../test/support/sandbox.ts";

/** What goes back of an order that has more than one line, where a date is canceled or a buyer gives it up. */

const BY = { by: "ada" };
const DAY_MS = 86_400_000;
const EBOOK = 1900;
const WORKSHOP = 4900;
/** With an e-book and a workshop twelve lines, more than a new session shows. */
const MORE = Array.from({ length: 10 }, (_, place) => `book-${place + 1}`);
let running: Awaited<ReturnType<typeof startSandbox>>;
let sandbox: Sandbox;
let database: TestDatabase;
let app: ReturnType<typeof shop>;

function shop() {
  const nothing = () => {};
  const changes = { untilHours: 1, cancel: "refund" as const };
  const dated = (key: Key, amount: number) =>
    booking({ key, name: key, price: { amount, currency: "usd" }, changes });
  const book = (key: Key) =>
    download({
      ...{ key, name: "Field guide", price: { amount: EBOOK, currency: "usd" } },
      files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
    });
  return createOncepaid({
    database: database.url,
    stripe: { secretKey: "sk_test_sandbox", webhookSecret: "whsec_1", apiBase: running.url },
    appUrl: "http://localhost:3000",
    products: [dated("workshop", WORKSHOP), dated("meeting", 0), ...["ebook", ...MORE].map(book)],
    identify: () => null,
    log: { info: nothing, warn: nothing, error: nothing },
  });
}

type Key = string;

async function newDate(productKey: Key): Promise<string> {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS);
  const time = { startsAt: at(10), endsAt: at(10.1), timeZone: "Asia/Kolkata" };
  const made = await app.slots.create({ productKey, ...time, place: "Bengaluru", capacity: 9 }, BY);
  if (!made.ok) throw new Error(made.error);
  return made.slot.id;
}

let buyers = 0;
async function bought(slotId: string, items: { productKey: Key; quantity?: number }[]) {
  const userId = `buyer-${++buyers}`;
  const started = await app.checkout({ cartId: `cart-${userId}`, items, userId, slotId });
  if (!started.ok) throw new Error(started.error);
  const session = started.url.split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await sandbox.pay(session);
  await app.reconcile();
  const { payment_intent: payment } = await sandbox.stripe.checkout.sessions.retrieve(session);
  return { userId, orderId: started.orderId, payment: String(payment) };
}
type Bought = Awaited<ReturnType<typeof bought>>;

const hasNow = async ({ userId }: Bought) =>
  Promise.all(["ebook", "workshop", "meeting"].map((key) => app.has(userId, key)));

async function refundsOf({ payment }: Bought) {
  const { data } = await sandbox.stripe.refunds.list({ payment_intent: payment });
  return data.map(({ amount, metadata }) => ({ amount, items: metadata?.items }));
}

beforeAll(async () => {
  const dir = mkdtempSync(join(runFolder(), "several-lines-"));
  mkdirSync(join(dir, "sandbox"), { recursive: true });
  running = await startSandbox({
    dir,
    nextPort: freePortsFrom(30_000 + Math.floor(Math.random() * 9_000)),
    onSpawn: () => undefined,
  });
  sandbox = sandboxAt(running.url);
  database = await createDatabase();
  app = shop();
  await app.push();
});
afterAll(async () => {
  await app.close();
  await running.stop();
  await database.drop();
});

test("of a canceled date only the booking is given back, and what was bought with it stays", async () => {
  const slot = await newDate("workshop");
  const both = await bought(slot, [{ productKey: "ebook" }, { productKey: "workshop", quantity: 2 }]);
  const alone = await bought(slot, [{ productKey: "workshop" }]);
  expect(await hasNow(both)).toEqual([true, true, false]);
  expect(await app.slots.cancel(slot, { refund: true, ...BY })).toMatchObject({ ok: true, refunding: 2 });
  await app.sweep();
  await app.sweep();
  expect(await refundsOf(both)).toEqual([{ amount: 2 * WORKSHOP, items: "workshop:2" }]);
  expect(await refundsOf(alone)).toEqual([{ amount: WORKSHOP, items: undefined }]);
  await app.reconcile();
  expect(await hasNow(both)).toEqual([true, false, false]);
  expect(await hasNow(alone)).toEqual([false, false, false]);
  expect(await app.order(both.orderId)).toMatchObject({
    status: "FULFILLED",
    amountRefunded: 2 * WORKSHOP,
    booking: { state: "released" },
  });
});

test("a canceled date that cost nothing beside something that did ends, and nothing is given back", async () => {
  const slot = await newDate("meeting");
  const free = await bought(slot, [{ productKey: "ebook" }, { productKey: "meeting" }]);
  await app.slots.cancel(slot, { refund: true, ...BY });
  await app.sweep();
  expect(await refundsOf(free)).toEqual([]);
  expect(await hasNow(free)).toEqual([true, false, false]);
});

test("it is given back once, by however many at once and however often, and no more than support has left of it", async () => {
  const slot = await newDate("workshop");
  const items = [{ productKey: "ebook" }, { productKey: "workshop", quantity: 2 }];
  const [order, other] = [await bought(slot, items), await bought(slot, items)];
  const one = [{ productKey: "workshop", quantity: 1 }];
  expect(await app.refund(order.orderId, { items: one, ...BY })).toMatchObject({ ok: true });
  expect(await app.refund(other.orderId, { items: [{ productKey: "workshop" }], ...BY })).toMatchObject({
    ok: true,
  });
  await app.slots.cancel(slot, { refund: true, ...BY });
  const engine = engineIn(app);
  const again = () => [order, other].map(({ orderId }) => refundBookingLine(engine, orderId));
  expect(await Promise.all([...again(), ...again()])).toEqual([true, true, true, true]);
  await app.sweep();
  expect(await refundsOf(order)).toEqual([
    { amount: WORKSHOP, items: "workshop:1" },
    { amount: WORKSHOP, items: "workshop:1" },
  ]);
  expect(await refundsOf(other)).toEqual([{ amount: 2 * WORKSHOP, items: "workshop:2" }]);
  await app.reconcile();
  expect([await hasNow(order), await hasNow(other)]).toEqual([
    [true, false, false],
    [true, false, false],
  ]);
});

test("of an order of twelve lines each has what it cost, and its booking gives that back", async () => {
  const slot = await newDate("workshop");
  const books = ["ebook", ...MORE].map((productKey) => ({ productKey }));
  const { orderId } = await bought(slot, [...books, { productKey: "workshop" }]);
  const amounts = (await app.order(orderId))?.items.map(({ unitAmount }) => unitAmount) ?? [];
  expect(amounts.toSorted()).toEqual([...books.map(() => EBOOK), WORKSHOP]);
  expect(await app.bookings.choices(orderId)).toMatchObject({ cancel: true, refund: WORKSHOP });
});

test("where it isn't known what a line cost, neither its buyer nor support gives back a share of it", async () => {
  const slot = await newDate("workshop");
  const order = await bought(slot, [{ productKey: "ebook" }, { productKey: "workshop" }]);
  await engineIn(app).database.query(
    "update oncepaid.order_item set unit_amount = null where order_id = $1 and product_key = 'workshop'",
    [order.orderId],
  );
  expect(await app.bookings.choices(order.orderId)).toMatchObject({ cancel: false, refund: 0 });
  expect(await app.bookings.cancel(order.orderId, { by: order.userId })).toEqual({
    ...{ ok: false, code: "not_changeable" },
    error: "Only whoever offers this date can do that: write to them.",
  });
  // The line whose amount is known is no share of what is known alone.
  for (const productKey of ["ebook", "workshop"])
    expect(await app.refund(order.orderId, { items: [{ productKey }], ...BY })).toMatchObject({
      ...{ ok: false, code: "not_refundable" },
      error: expect.stringContaining("name an amount"),
    });
  expect(await refundsOf(order)).toEqual([]);
  expect(await hasNow(order)).toEqual([true, true, false]);
  expect(await app.order(order.orderId)).toMatchObject({ amountRefunded: 0, booking: { state: "booked" } });
  const items = [{ productKey: "workshop" }];
  expect(await app.refund(order.orderId, { items, amount: WORKSHOP, ...BY })).toMatchObject({ ok: true });
  expect(await refundsOf(order)).toEqual([{ amount: WORKSHOP, items: "workshop:1" }]);
});
