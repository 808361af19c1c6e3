import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Happening, history, ORDER_ID } from "../../packages/oncepaid/test/histories.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { event, type Payment } from "../support/events.ts";

/**
 * The same for what is stored: any schedule through the real door, some of it at once, leaves the rows the tidy one
 * leaves. What an order was in between must not show in them.
 */
const RUNS = 150;
/** Milliseconds: so many runs take seconds, and minutes where the machine does other things too. */
vi.setConfig({ testTimeout: 120_000 });

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ STRIPE_PRICE_PRO: "price_pro" });
  // Room for everybody: what happens when it runs out depends on who comes first, and is tested in src/bookings/.
  await app.slot({ capacity: 1_000_000 });
});
afterAll(() => app.close());

/** Subscription states of one second are settled by Stripe, which is another test: here each has a second of its own. */
const untied = history.map((happenings) =>
  happenings.map((happening, place) =>
    happening.type.startsWith("customer.subscription")
      ? { ...happening, created: 1_700_000_000 + place }
      : happening,
  ),
);

const schedule = untied.chain((tidy) =>
  fc.record({
    tidy: fc.constant(tidy),
    untidy: fc.shuffledSubarray([...tidy, ...tidy], { minLength: tidy.length * 2 }),
    together: fc.integer({ min: 1, max: 4 }),
    place: fc.boolean(),
  }),
);

/** The happening as it happens to this order: every id is its own, so that no two orders share an object. */
function told(payment: Payment, { type, object, created }: Happening) {
  const own = JSON.stringify(object)
    .replaceAll(ORDER_ID, payment.orderId)
    .replaceAll("cs_1", payment.sessionId)
    .replaceAll(/"((?:cs|ch|re|pi|du|sub|cus)_(?!test)\w+)"/g, `"$1_${payment.charge}"`);
  return event(type, JSON.parse(own), { created });
}

async function stored({ orderId, charge }: Payment) {
  const [order] = await app.rows(
    `select status, amount_total, amount_refunded, amount_lost, currency, paid_at, email, facts from "order" where id = $1`,
    [orderId],
  );
  const grants = await app.rows(
    `select product_key, kind, state, quantity, starts_at, ends_at, reason from entitlement
      where order_id = $1 order by product_key`,
    [orderId],
  );
  const log = await app.rows("select event from fulfillment_log where order_id = $1 order by event", [
    orderId,
  ]);
  const booking = await app.rows("select state, places from booking where order_id = $1", [orderId]);
  const text = JSON.stringify({ order, grants, log, booking });
  return JSON.parse(text.replaceAll(`_${charge}`, ""));
}

const without = (state: object, ...ids: string[]) =>
  JSON.parse(ids.reduce((text, id) => text.replaceAll(id, "cs_1"), JSON.stringify(state)));

test("any schedule leaves the same order, entitlements and log of effects as the tidy one", async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async ({ tidy, untidy, together, place }) => {
      const plan = tidy.some(({ type }) => type.startsWith("customer.subscription"));
      const product = plan ? "pro" : place ? "workshop" : "ebook";
      const [first, second] = [await app.order(product), await app.order(product)];
      for (const happening of tidy) await app.deliver(told(first, happening));
      const late = untidy.map((happening) => told(second, happening));
      while (late.length > 0) await Promise.all(late.splice(0, together).map((one) => app.deliver(one)));
      expect(without(await stored(second), second.sessionId, second.orderId)).toEqual(
        without(await stored(first), first.sessionId, first.orderId),
      );
    }),
    { numRuns: RUNS },
  );
}, 120_000);
