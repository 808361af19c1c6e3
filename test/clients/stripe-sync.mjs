import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { until, walk } from "./steps.mjs";

/**
 * What Supabase's Stripe Sync Engine writes into PostgreSQL, as it comes from npm: by the webhooks of a shop's day, then by reading everything
 * anew. Its package is required and not imported: in the form for imports its `runMigrations` looks for `__dirname`.
 */
const { APP_PORT, DATABASE_URL, SANDBOX_PORT, WEBHOOK_SECRET } = process.env;
const load = createRequire(import.meta.url);
const [{ StripeSync, runMigrations }, { Client }, Stripe] = [
  "@supabase/stripe-sync-engine",
  "pg",
  "stripe",
].map((name) => load(name));
const client = new Stripe("sk_test_clients", {
  host: "127.0.0.1",
  port: Number(SANDBOX_PORT),
  protocol: "http",
});
const KEY = { authorization: "Bearer sk_test_clients" };
const control = (path, body = {}) =>
  fetch(`http://127.0.0.1:${SANDBOX_PORT}/sandbox/${path}`, {
    body: JSON.stringify(body),
    headers: KEY,
    method: "POST",
  });

const problems = [];
const logger = { debug() {}, error: (...what) => problems.push(what), info() {}, warn() {} };
const sync = new StripeSync({
  logger,
  poolConfig: { connectionString: DATABASE_URL },
  // Of two states within one second it keeps the first, here as at Stripe, unless it is told to read these anew.
  revalidateObjectsViaStripeApi: [
    "customer",
    "dispute",
    "invoice",
    "payment_intent",
    "refund",
    "subscription",
  ],
  schema: "stripe",
  stripeSecretKey: "sk_test_clients",
  stripeWebhookSecret: WEBHOOK_SECRET,
});
// The engine has no setting for the address of the API.
sync.stripe = client;

/** Types that were told, with how the engine took them. */
const taken = new Map();
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { type } = JSON.parse(body);
  const outcome = await sync.processWebhook(body, request.headers["stripe-signature"]).then(
    () => "taken",
    // Types that the engine has no table for.
    (error) => (error.message === "Unhandled webhook event" ? "no table" : `refused: ${error.message}`),
  );
  taken.set(type, outcome);
  response.writeHead(outcome.startsWith("refused") ? 500 : 200).end();
}).listen(Number(APP_PORT), "127.0.0.1");
await once(server, "listening");

const db = new Client({ connectionString: DATABASE_URL });
await db.connect();
const rows = async (sql, ...values) => (await db.query(sql, values)).rows;
const one = async (table, id) => (await rows(`select * from stripe.${table} where id = $1`, id))[0];
const idle = () => control("webhooks/idle");

let customer;
let subscription;
let payment;
await walk("@supabase/stripe-sync-engine 0.48.5", {
  "its migrations run, as the superuser that the twelfth asks for": async () => {
    await runMigrations({ databaseUrl: DATABASE_URL, logger, schema: "stripe" });
    assert.deepEqual(problems, []);
    const [{ id }] = await rows("select max(id) as id from stripe.migrations");
    assert.equal(id, 42);
  },
  "a customer is written, changed and marked as deleted": async () => {
    const { id } = await client.customers.create({ email: "ravi@example.com", metadata: { plan: "none" } });
    await until("the customer", () => one("customers", id));
    await client.customers.update(id, { name: "Ravi" });
    await until("the name", async () => (await one("customers", id)).name === "Ravi");
    // The engine dates what it read anew to the millisecond and a deletion to its second: of one second, the deletion would be the older.
    await control("clock/advance", { seconds: 2 });
    await client.customers.del(id);
    await until("the deletion", async () => (await one("customers", id)).deleted === true);
  },
  "a plan bought by Checkout is written with its session, items, invoice and charge": async () => {
    customer = await client.customers.create({ email: "asha@example.com" });
    const price = await client.prices.create({
      currency: "usd",
      product_data: { name: "Pro" },
      recurring: { interval: "month" },
      unit_amount: 1_900,
    });
    const { id } = await client.checkout.sessions.create({
      customer: customer.id,
      line_items: [{ price: price.id, quantity: 1 }],
      mode: "subscription",
      success_url: "http://shop.test/",
    });
    await client.rawRequest("POST", `/v1/payment_pages/${id}/confirm`, { payment_method: "pm_card_visa" });
    await idle();
    subscription = (await client.checkout.sessions.retrieve(id)).subscription;
    assert.equal((await one("checkout_sessions", id)).payment_status, "paid");
    assert.equal((await one("subscriptions", subscription)).status, "active");
    const [item] = await rows(
      "select * from stripe.subscription_items where subscription = $1",
      subscription,
    );
    assert.equal(item.price, price.id);
    const [invoice] = await rows("select * from stripe.invoices where customer = $1", customer.id);
    assert.equal(Number(invoice.amount_paid), 1_900);
    const [charge] = await rows("select * from stripe.charges where customer = $1", customer.id);
    assert.equal(charge.paid, true);
    payment = charge.payment_intent;
  },
  "a renewal is a second invoice, paid": async () => {
    await control("clock/advance", { seconds: 32 * 86_400 });
    await idle();
    const paid = await rows(
      "select * from stripe.invoices where customer = $1 and status = 'paid'",
      customer.id,
    );
    assert.equal(paid.length, 2);
  },
  "a refund and a dispute are written": async () => {
    const refund = await client.refunds.create({ amount: 500, payment_intent: payment });
    const { id: disputed } = await client.paymentIntents.create({
      amount: 2_000,
      confirm: true,
      currency: "usd",
      payment_method: "pm_card_createDispute",
      return_url: "http://shop.test/",
    });
    await idle();
    assert.equal(Number((await one("refunds", refund.id)).amount), 500);
    const [dispute] = await rows("select * from stripe.disputes where payment_intent = $1", disputed);
    assert.equal(dispute.status, "needs_response");
  },
  "the end of the subscription is written": async () => {
    await client.subscriptions.cancel(subscription);
    await idle();
    assert.equal((await one("subscriptions", subscription)).status, "canceled");
  },
  "no event was refused but invoice.upcoming, whose invoice has no id at Stripe either": async () => {
    const refused = [...taken].filter(([, outcome]) => outcome.startsWith("refused"));
    assert.deepEqual(
      refused.map(([type]) => type),
      ["invoice.upcoming"],
    );
    assert.ok(taken.size > 20, `only ${taken.size} types were told`);
    const known = [...taken].filter(([, outcome]) => outcome === "taken");
    console.log(`         ${taken.size} types of events, of which the engine has tables for ${known.length}`);
  },
  "everything read anew by the API is what the webhooks had written": async () => {
    const tables = [
      "charges",
      "customers",
      "disputes",
      "invoices",
      "prices",
      "products",
      "refunds",
      "subscriptions",
    ];
    const count = async () =>
      Object.fromEntries(
        await Promise.all(
          tables.map(async (table) => [
            table,
            (await rows(`select count(*)::int as n from stripe.${table}`))[0].n,
          ]),
        ),
      );
    const before = await count();
    const read = await sync.syncBackfill({ object: "all" });
    assert.deepEqual(await count(), before);
    assert.ok(read.subscriptions.synced === 1 && read.invoices.synced === 2);
  },
});
await db.end();
await sync.postgresClient.pool.end();
server.closeAllConnections();
server.close();
