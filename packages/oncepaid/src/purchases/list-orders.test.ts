import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, type Payment } from "../../../../test/support/events.ts";
import { listOrders, type OrderFilter, selectPage } from "./list-orders.ts";
import { viewOrder } from "./orders.ts";

let app: TestApi;
/** Oldest first. */
let ebooks: Payment[];
let workshop: Payment;
beforeAll(async () => {
  app = await startApi();
  ebooks = [];
  for (let n = 0; n < 5; n++) ebooks.push(await app.order());
  workshop = await app.order("workshop", { slotId: await app.slot(), userId: "one-user" });
});
afterAll(() => app.close());

const ids = async (filter: OrderFilter) => (await listOrders(app.engine, filter)).orders.map(({ id }) => id);

test("page by page every order comes once, the newest first, also while others are ordered", async () => {
  const before = await ids({});
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listOrders(app.engine, { limit: 2, ...(after && { after }) });
    seen.push(...page.orders.map(({ id }) => id));
    if (!after) await app.order("ebook");
    after = page.next ?? undefined;
  } while (after);
  expect(seen).toEqual(before);
  expect(seen).toEqual([workshop, ...ebooks.toReversed()].map(({ orderId }) => orderId));
});

test("the last page says that none follows, also where it is full", async () => {
  const all = (await ids({})).length;
  expect((await listOrders(app.engine, { limit: all })).next).toBeNull();
  expect((await listOrders(app.engine, { limit: all - 1 })).next).not.toBeNull();
});

test("they are found by user, by the address in any case, by status and by product, and all of it together", async () => {
  const [paid] = ebooks;
  if (!paid) throw new Error("No order.");
  await app.deliver(completed(paid, { customer_details: { email: "Reader@example.com" } }));
  expect(await ids({ userId: "one-user" })).toEqual([workshop.orderId]);
  expect(await ids({ email: "reader@EXAMPLE.com" })).toEqual([paid.orderId]);
  expect(await ids({ status: "FULFILLED" })).toEqual([paid.orderId]);
  expect(await ids({ productKey: "workshop" })).toEqual([workshop.orderId]);
  expect(await ids({ productKey: "ebook", status: "FULFILLED", email: "reader@example.com" })).toEqual([
    paid.orderId,
  ]);
  expect(await ids({ userId: "one-user", productKey: "ebook" })).toEqual([]);
});

test("an order in a list is the order as it is shown alone, booking and entitlements included", async () => {
  await app.deliver(completed(workshop));
  const [listed] = (await listOrders(app.engine, { productKey: "workshop" })).orders;
  expect(listed).toEqual(await viewOrder(app.engine, workshop.orderId, { kind: "server" }));
  expect(listed).toMatchObject({
    items: [{ productKey: "workshop", quantity: 1 }],
    entitlements: [{ kind: "booking", state: "active", via: "purchase", endsAt: null }],
    booking: { state: "booked", places: 1, place: "12 MG Road, Bengaluru", canceledAt: null },
  });
  expect(listed?.booking?.startsAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("no page has more than a hundred orders", async () => {
  await app.rows(
    `insert into "order" (id, cart_id, user_id, mode, livemode, facts)
     select ('01890000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'cart-many-' || n, 'many', 'payment', false, '{}'
       from generate_series(1, 101) n`,
  );
  const { orders, next } = await listOrders(app.engine, { userId: "many", limit: 1000 });
  expect(orders).toHaveLength(100);
  expect(await ids({ userId: "many", after: next ?? "" })).toHaveLength(1);
});

test("a user's orders, and a late page of all of them, come from an index, however many orders there are", async () => {
  await app.rows(
    `insert into "order" (id, cart_id, user_id, mode, livemode, facts)
     select gen_random_uuid(), 'cart-many-' || n, 'many-' || n % 5, 'payment', false, '{}' from generate_series(1, 5000) n`,
  );
  await app.rows(`analyze "order"`);
  const planOf = async (filter: OrderFilter) =>
    JSON.stringify(await selectPage(app.engine, filter, 21).explain("json"));
  const [first] = await ids({ limit: 1 });
  for (const filter of [{ userId: "many-3" }, { userId: "many-3", after: first }, { after: first }]) {
    const plan = await planOf(filter);
    // What the page is cut from comes in its order: nothing is sorted, and nothing read beyond the page.
    const index = filter.userId === undefined ? "order_pkey" : "order_user";
    expect(plan).toMatch(
      new RegExp(`"Limit"((?!"Sort").)*"Index Scan"((?!"Sort").)*"Index Name":"${index}"`),
    );
  }
});
