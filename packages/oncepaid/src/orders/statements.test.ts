import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { chargeRefunded, completed } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

/** PostgreSQL plans a prepared statement anew this often before it decides whether one plan will do. */
const TRIED = 5;
const SOLD = 5_000;

/** A shop that has sold for a while, as PostgreSQL knows it. */
async function fill(): Promise<void> {
  await app.rows(
    `with sold as (
       insert into "order" (id, cart_id, user_id, mode, livemode, facts, status)
       select gen_random_uuid(), 'cart-sold-' || n, 'buyer-sold-' || n, 'payment', false, '{}', 'FULFILLED'
         from generate_series(1, $1::integer) n returning id, user_id
     ), granted as (
       insert into entitlement (id, order_id, user_id, product_key, kind, state, quantity, starts_at)
       select gen_random_uuid(), id, user_id, 'ebook', 'download', 'active', 1, now() from sold
     ), linked as (
       insert into stripe_link (stripe_id, order_id, facts, version) select 'pi_' || id, id, '{}', 0 from sold
     ), told as (
       insert into stripe_event (id, type, created, livemode, payload, outcome, order_id)
       select 'evt_' || id, 'checkout.session.completed', now(), false, '{}', 'applied', id from sold
     ), attempted as (
       insert into checkout_attempt (order_id, attempt, parameters, idempotency_key) select id, 1, '{}', id::text from sold
     )
     insert into order_item (order_id, product_key, quantity) select id, 'ebook', 1 from sold`,
    [SOLD],
  );
  await app.rows("analyze");
}

test("the statements of the money path are planned once per connection, not once per order, and read no table whole", async () => {
  await fill();
  const before = await wholeReads();
  for (let number = 0; number < TRIED * 3; number++) {
    const payment = await app.order();
    await app.deliver(completed(payment));
    // Of what was fulfilled, what it granted is read too.
    await app.deliver(chargeRefunded(payment, 1));
  }
  const { pool, query } = app.engine.database;
  // One request after the other has used one connection alone.
  expect(pool.totalCount).toBe(1);
  const { rows } = await query<{ name: string; once: boolean }>(
    `select name, custom_plans <= $1 and generic_plans > 0 as once from pg_prepared_statements where name <> '' order by name`,
    [TRIED],
  );
  expect(rows).toEqual(
    ["order-apply", "order-create", "order-open-read", "order-read", "order-record-session"].map((name) => ({
      name: `oncepaid:${name}`,
      once: true,
    })),
  );
  expect(await wholeReads()).toEqual(before);
});

/** How often the tables that grow with every sale were read from beginning to end. */
async function wholeReads() {
  // What this connection has done is counted with its next statement, not a second later.
  await app.engine.database.query("select pg_stat_force_next_flush()");
  await app.engine.database.query("select 1");
  return app.rows(
    `select relname, seq_scan::int from pg_stat_user_tables
      where schemaname = 'oncepaid' and relname in ('order', 'order_item', 'checkout_attempt', 'entitlement', 'stripe_event', 'stripe_link')
      order by relname`,
  );
}
