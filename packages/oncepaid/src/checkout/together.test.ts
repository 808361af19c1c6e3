import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckedOut } from "#/checkout/check-out.ts";
import { isCheckViolation } from "#/database/errors.ts";
import { createOrder, newOrderId } from "#/orders/create.ts";
import { findOpenOrder } from "#/orders/find-open.ts";
import type { Hold } from "#/orders/holds.ts";
import { closeAttempt, leaseAttempt, markSeenOpen } from "#/orders/lease.ts";
import { recordSession } from "#/orders/record-session.ts";
import { until } from "../../../../shop/embedded/alive.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

/** Checkouts of one moment: they share their statements, and each is what it would be alone. */

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const MANY = 20;
const PATIENCE_MS = 10_000;

let carts = 0;
const cart = () => {
  carts++;
  return {
    cartId: `cart-together-${carts}`,
    userId: `buyer-together-${carts}`,
    productKey: "ebook" as const,
  };
};
const many = (count = MANY) => Array.from({ length: count }, cart);
const orderIdOf = (answer: CheckedOut) => (answer.ok ? answer.orderId : "");
const codes = (answers: readonly CheckedOut[]) => answers.map((one) => (one.ok ? "ok" : one.code));
const created = () =>
  app.stripe.calls.filter(({ method, path }) => method === "POST" && path === "/v1/checkout/sessions");

test("checkouts that come at one moment share their transactions, and each has its own order, call and session", async () => {
  const asked = many().map((one, n) => ({ ...one, email: `buyer-${n}@example.com`, quantity: (n % 5) + 1 }));
  const answers = await Promise.all(asked.map((one) => app.oncepaid.checkout(one)));
  const rows = await app.rows<{ made: string; kept: string }>(
    `select o.cart_id, o.user_id, o.email, a.url, i.quantity, i.unit_amount::int, o.amount_total::int,
            a.parameters -> 'metadata' ->> 'cart_id' as told, split_part(a.idempotency_key, ':', 2) as key,
            o.stripe_checkout_session_id = a.session_id as same, a.lease_until is null as free,
            o.created_at::text as made, o.updated_at::text as kept
       from "order" o join checkout_attempt a on a.order_id = o.id join order_item i on i.order_id = o.id
      where o.id = any ($1) order by array_position($1, o.id)`,
    [answers.map(orderIdOf)],
  );
  expect(rows).toMatchObject(
    asked.map(({ cartId, userId, email, quantity }, n) => {
      const answer = answers[n];
      return {
        ...{ cart_id: cartId, user_id: userId, email, quantity, told: cartId, same: true, free: true },
        url: answer?.ok && answer.url,
        key: answer?.ok && answer.orderId,
        unit_amount: 1900,
        amount_total: 1900 * quantity,
      };
    }),
  );
  expect(created()).toHaveLength(MANY);
  // What a transaction writes has its time.
  expect(new Set(rows.map(({ made }) => made)).size).toBeLessThan(MANY / 2);
  expect(new Set(rows.map(({ kept }) => kept)).size).toBeLessThan(MANY);
});

test("many requests of one moment for one cart make one order and one call, beside others of that moment", async () => {
  const [same, ...others] = many(4);
  if (!same) throw new Error("There is a cart.");
  app.stripe.calls.length = 0;
  const asked = [...Array.from({ length: MANY }, () => same), ...others];
  const answers = await Promise.all(asked.map((one) => app.oncepaid.checkout(one)));
  expect(codes(answers)).toEqual(asked.map(() => "ok"));
  expect(new Set(answers.map(orderIdOf)).size).toBe(1 + others.length);
  expect(created()).toHaveLength(1 + others.length);
});

const attempt = (orderId: string, hold: Hold | null) => ({
  locale: "en",
  email: undefined,
  mode: "payment" as const,
  items: [{ productKey: "ebook", quantity: 1, price: "default", stripePriceId: "price_ebook" }],
  hold,
  parameters: { client_reference_id: orderId },
  idempotencyKey: `checkout:${orderId}:1:test`,
});

function make(more: { cartId?: string } = {}, hold: Hold | null = null) {
  const order = { ...cart(), ...more, id: newOrderId(), email: undefined, livemode: false };
  return { id: order.id, created: createOrder(app.engine, order, attempt(order.id, hold)) };
}

const session = (id: string) => ({
  id,
  url: `http://stripe.example/${id}`,
  clientSecret: null,
  expiresAt: 4_000_000_000,
  amountTotal: 1900,
  currency: "usd",
  unitAmounts: {},
});

test("an order the database refuses is alone in that: the others of its moment are made", async () => {
  const [refused, ...others] = [make({ cartId: "short" }), ...Array.from({ length: 5 }, () => make())];
  const error = await refused?.created.catch((thrown: unknown) => thrown);
  expect(isCheckViolation(error, "order_cart_id_check")).toBe(true);
  expect(await Promise.all(others.map(({ created }) => created))).toEqual(others.map(() => "created"));
});

test("a session that another order has, and one whose attempt is over, are alone in that: the others of their moment are kept", async () => {
  const made = Array.from({ length: 6 }, () => make());
  await Promise.all(made.map(({ created }) => created));
  const [first, second, over] = made.map(({ id }) => id);
  await closeAttempt(app.engine, over ?? "", 1);
  const idOf = (id: string) => `cs_test_${id === second ? first : id}`;
  const record = (id: string) => recordSession(app.engine, id, 1, session(idOf(id)), { ebook: 1900 });
  const kept = await Promise.all(made.map(({ id }) => record(id)));
  expect(kept.slice(0, 2).sort()).toEqual(["recorded", "taken"]);
  expect(kept.slice(2)).toEqual(["superseded", "recorded", "recorded", "recorded"]);
});

test("two sessions for one attempt at one moment: the first is kept", async () => {
  const one = make();
  await one.created;
  const record = (id: string) => recordSession(app.engine, one.id, 1, session(id), { ebook: 1900 });
  expect(await Promise.all([record("cs_test_first"), record("cs_test_second")])).toEqual([
    "recorded",
    "superseded",
  ]);
  expect(await app.rows("select session_id from checkout_attempt where order_id = $1", [one.id])).toEqual([
    { session_id: "cs_test_first" },
  ]);
});

test("who read of a session before Stripe was asked about it doesn't ask once more", async () => {
  const one = cart();
  const orderId = orderIdOf(await app.oncepaid.checkout(one));
  const read = async () => {
    const { order } = await findOpenOrder(app.engine, { ...one, email: undefined, livemode: false });
    if (!order) throw new Error("There is an order.");
    return order.current;
  };
  const before = await read();
  // Times are read by the millisecond.
  await until(async () => {
    await markSeenOpen(app.engine, orderId, 1);
    return Number((await read()).seenOpenAt) > Number(before.seenOpenAt) + 10;
  }, PATIENCE_MS);
  expect(await leaseAttempt(app.engine, orderId, before)).toBe(false);
  expect(await leaseAttempt(app.engine, orderId, await read())).toBe(true);
  expect(await leaseAttempt(app.engine, orderId, await read())).toBe(false);
});

test("who gets no place any more is alone in that: the others of that moment are served", async () => {
  const slotId = await app.slot({ capacity: 2 });
  const dated = many(4).map((one) => ({ ...one, productKey: "workshop" as const, slotId }));
  const asked = dated.flatMap((one) => [one, cart()]);
  const answers = await Promise.all(asked.map((one) => app.oncepaid.checkout(one)));
  const codesOf = (key: string) => codes(answers.filter((_, n) => asked[n]?.productKey === key)).sort();
  expect(codesOf("workshop")).toEqual(["ok", "ok", "sold_out", "sold_out"]);
  expect(codesOf("ebook")).toEqual(Array(4).fill("ok"));
  expect(await app.rows("select taken from slot where id = $1", [slotId])).toEqual([{ taken: 2 }]);
});

test("who waits for a date that somebody else is changing keeps nobody waiting who wants another thing", async () => {
  const slotId = await app.slot();
  const held = await app.connection();
  try {
    await held.query("begin");
    await held.query("select from slot where id = $1 for update", [slotId]);
    const hold = { slotId, productKey: "workshop", places: 1, until: 4_000_000_000 };
    const [dated, ...others] = [make({}, hold), ...Array.from({ length: 5 }, () => make())];
    expect(await Promise.all(others.map(({ created }) => created))).toEqual(others.map(() => "created"));
    const isWaiting = async () =>
      (
        await app.rows(
          `select from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like '%asked as materialized%'`,
        )
      ).length > 0;
    expect(await until(isWaiting, PATIENCE_MS)).toBe(true);
    await held.query("commit");
    expect(await dated?.created).toBe("created");
  } finally {
    held.release();
  }
});
