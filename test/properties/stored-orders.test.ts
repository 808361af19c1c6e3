import fc from "fast-check";
import type { Happened, Sql } from "oncepaid";
import type pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startEngine, type TestEngine } from "../../packages/oncepaid/test/engine.ts";
import { type Happening, history, ORDER_ID } from "../../packages/oncepaid/test/histories.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { openPool } from "../support/database.ts";
import { event, type Payment, type StripeEvent, signed } from "../support/events.ts";

/**
 * The same for what is stored: any schedule through the real door leaves the rows the tidy one leaves, whether its events come
 * one by one, some of them at once, at once with those of other orders, or to an app that writes along. What an order was in
 * between must not show in them.
 */
const RUNS = 150;
/** Milliseconds: so many runs take seconds, and minutes where the machine does other things too. */
vi.setConfig({ testTimeout: 900_000 });

let app: TestApi;
let hooked: TestEngine;
let pool: pg.Pool;
beforeAll(async () => {
  app = await startApi({ STRIPE_PRICE_PRO: "price_pro" });
  hooked = await startEngine({
    on: {
      "order.fulfilled": heard,
      "order.refunded": heard,
      "order.canceled": heard,
      "payment.processing": heard,
      "payment.failed": heard,
      "refund.failed": heard,
      "dispute.opened": heard,
      "dispute.lost": heard,
      "dispute.won": heard,
      "payment.early_fraud_warning": heard,
    },
  });
  pool = openPool(hooked.database.url, 4);
  // What these histories tell happened long before any upgrade.
  const hearAll = "update oncepaid.setting set value = '0' where key = 'fraud_warnings_since'";
  await Promise.all([pool.query(hearAll), app.rows(hearAll)]);
  await pool.query("create table public.heard (order_id uuid not null, type text not null, of text)");
  // Room for everybody: what happens when it runs out depends on who comes first, and is tested in src/bookings/.
  await app.slot({ capacity: 1_000_000 });
});
afterAll(async () => {
  await pool.end();
  await hooked.close();
  await app.close();
});

async function heard(happened: Happened, sql: Sql): Promise<void> {
  const of = Object.entries(happened).find(([name, value]) => OF.includes(name) && value !== null)?.[1];
  await sql`insert into public.heard values (${happened.order?.id}, ${happened.type}, ${of ?? null})`;
}
const OF = ["refundId", "chargeId", "subscriptionId", "stripeId", "disputeId", "warningId"];

/** Subscription states of one second are settled by Stripe, which is another test: here each has a second of its own. */
const untied = history.map((happenings) =>
  happenings.map((happening, place) =>
    happening.type.startsWith("customer.subscription")
      ? { ...happening, created: 1_700_000_000 + place }
      : happening,
  ),
);

const schedule = untied.chain((tidy) => {
  const untidy = fc.shuffledSubarray([...tidy, ...tidy], { minLength: tidy.length * 2 });
  return fc.record({
    tidy: fc.constant(tidy),
    untidy,
    others: fc.array(untidy, { minLength: 2, maxLength: 2 }),
    hooked: untidy,
    together: fc.integer({ min: 1, max: 4 }),
    place: fc.boolean(),
  });
});

/** The happening as it happens to this order: every id is its own, so that no two orders share an object. */
function told(payment: Payment, { type, object, created }: Happening) {
  const own = JSON.stringify(object)
    .replaceAll(ORDER_ID, payment.orderId)
    .replaceAll("cs_1", payment.sessionId)
    .replaceAll(/"((?:cs|ch|re|pi|du|in|sub|cus|issfr)_(?!test)\w+)"/g, `"$1_${payment.charge}"`);
  return event(type, JSON.parse(own), { created });
}

type Order = { payment: Payment; rows: Rows };
type Rows = <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => Promise<Row[]>;

async function stored({ payment: { orderId, charge, sessionId }, rows }: Order) {
  const [order] = await rows(
    `select status, amount_total, amount_refunded, amount_lost, currency, paid_at, email, facts from "order" where id = $1`,
    [orderId],
  );
  const grants = await rows(
    `select product_key, kind, state, quantity, starts_at, ends_at, reason from entitlement
      where order_id = $1 order by product_key`,
    [orderId],
  );
  const log = await rows("select event from fulfillment_log where order_id = $1 order by event", [orderId]);
  const booking = await rows("select state, places from booking where order_id = $1", [orderId]);
  const text = JSON.stringify({ order, grants, log, booking });
  return JSON.parse(
    [sessionId, orderId].reduce((own, id) => own.replaceAll(id, "cs_1"), text.replaceAll(`_${charge}`, "")),
  );
}

/** So many at once, then the next. */
async function deliver(
  events: StripeEvent[],
  together: number,
  one: (event: StripeEvent) => Promise<unknown>,
): Promise<void> {
  const late = [...events];
  while (late.length > 0) await Promise.all(late.splice(0, together).map(one));
}

/** Every effect of the log an app is told of, as the handlers wrote it down. */
async function expectedToBeHeard({ payment, rows }: Order) {
  const log = await rows<{ event: string }>("select event from fulfillment_log where order_id = $1", [
    payment.orderId,
  ]);
  return log.flatMap(({ event }) => {
    const [name = "", of = null] = event.split(" ");
    const type = TOLD[name];
    return type ? [{ type, of }] : [];
  });
}
const TOLD: Record<string, string> = {
  "checkout.fulfilled": "order.fulfilled",
  "payment.processing": "payment.processing",
  "checkout.session.async_payment_failed": "payment.failed",
  "refund.created": "order.refunded",
  "charge.refunded": "order.refunded",
  "refund.failed": "refund.failed",
  "dispute.opened": "dispute.opened",
  "dispute.lost": "dispute.lost",
  "dispute.won": "dispute.won",
  "subscription.canceled": "order.canceled",
  "radar.early_fraud_warning": "payment.early_fraud_warning",
};

const byText = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

test("any schedule leaves the same order, entitlements and log of effects as the tidy one", async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (run) => {
      const plan = run.tidy.some(({ type }) => type.startsWith("customer.subscription"));
      const product = plan ? "pro" : run.place ? "workshop" : "ebook";
      const ordered = async (): Promise<Order> => ({ payment: await app.order(product), rows: app.rows });
      const [tidy, untidy, ...others] = [await ordered(), await ordered(), await ordered(), await ordered()];
      const toldTo = ({ payment }: Order, happenings: Happening[] = []) =>
        happenings.map((happening) => told(payment, happening));

      await deliver(toldTo(tidy, run.tidy), 1, app.deliver);
      const end = await stored(tidy);
      await deliver(toldTo(untidy, run.untidy), run.together, app.deliver);
      expect(await stored(untidy)).toEqual(end);

      const [late = [], later = []] = others.map((one, n) => toldTo(one, run.others[n]));
      const atOnce = late.flatMap((one, n) => [one, later[n] ?? one]);
      await deliver(atOnce, run.together * 8, (one) => app.oncepaid.receive(...bytes(one)));
      for (const one of others) expect(await stored(one)).toEqual(end);

      if (product === "workshop") return;
      const rows: Rows = async (text, values) => (await pool.query(text, values)).rows;
      const along = { payment: await hooked.order(product), rows };
      await deliver(toldTo(along, run.hooked), run.together, hooked.deliver);
      expect(await stored(along)).toEqual(end);
      const wrote = await rows("select type, of from public.heard where order_id = $1", [
        along.payment.orderId,
      ]);
      expect(wrote.sort(byText)).toEqual((await expectedToBeHeard(along)).sort(byText));
    }),
    { numRuns: RUNS },
  );
}, 900_000);

function bytes(one: StripeEvent): [Buffer, string] {
  const { payload, header } = signed(one);
  return [Buffer.from(payload), header];
}
