import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { download, plan } from "#/catalog/product.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder, type TestDatabase } from "../../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../../test/support/sandbox.ts";

/** Stripe has answered what support asked for with a 500, and keeps that under the action's key for a day. */

const BY = { by: "ada" };
const HALF = 950;
let running: Awaited<ReturnType<typeof startSandbox>>;
let sandbox: Sandbox;
let database: TestDatabase;
let app: ReturnType<typeof shop>;

function shop() {
  const nothing = () => {};
  return createOncepaid({
    database: database.url,
    stripe: { secretKey: "sk_test_sandbox", webhookSecret: "whsec_1", apiBase: running.url },
    appUrl: "http://localhost:3000",
    products: [
      plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } }),
      download({
        ...{ key: "ebook", name: "Field guide", price: { amount: 1900, currency: "usd" } },
        files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
      }),
    ],
    identify: () => null,
    log: { info: nothing, warn: nothing, error: nothing },
  });
}

beforeAll(async () => {
  const dir = mkdtempSync(join(runFolder(), "kept-errors-"));
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

let buyers = 0;
async function bought(productKey: "pro" | "ebook") {
  const userId = `buyer-${++buyers}`;
  const started = await app.checkout({ cartId: `cart-${userId}`, items: [{ productKey }], userId });
  if (!started.ok) throw new Error(started.error);
  const session = started.url.split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await sandbox.pay(session);
  await app.reconcile();
  const { payment_intent, subscription } = await sandbox.stripe.checkout.sessions.retrieve(session);
  return { orderId: started.orderId, payment: String(payment_intent), subscription: String(subscription) };
}

/** Stripe's next answer to such a call is a 500 that it keeps, `before` it did anything or `after`. Under any other key it would do it. */
function breaks(path: string, when: "before" | "after" = "before") {
  return sandbox.control("POST", "faults/api", { fault: "error", method: "POST", path, when, times: 1 });
}

/** The newest action. */
async function newest() {
  const { rows } = await engineIn(app).database.query<{ id: string; done: boolean; refused: string | null }>(
    "select id, done_at is not null as done, refused from oncepaid.support_action order by id desc limit 1",
  );
  const [row] = rows;
  if (!row) throw new Error("Nothing was asked for.");
  return row;
}

/** The first try leaves it to the job: what Stripe has answered with a 500 just now it may still do. */
async function thenDone() {
  expect(await newest()).toMatchObject({ done: false, refused: null });
  await app.sweep();
  expect(await newest()).toMatchObject({ done: true, refused: null });
}

test.each(["before", "after"] as const)("a refund is made once, where the 500 came %s it", async (when) => {
  const { orderId, payment } = await bought("ebook");
  await breaks("/v1/refunds", when);
  expect(await app.refund(orderId, { amount: HALF, ...BY })).toMatchObject({ refund: { state: "asked" } });
  await thenDone();
  const { data } = await sandbox.stripe.refunds.list({ payment_intent: payment });
  expect(data.map(({ amount }) => amount)).toEqual([HALF]);
});

test.each(["before", "after"] as const)(
  "a plan ends with its period, where the 500 came %s it",
  async (when) => {
    const { orderId, subscription } = await bought("pro");
    await breaks("/v1/subscriptions/*", when);
    expect(await app.cancel(orderId, { when: "period_end", ...BY })).toMatchObject({ ok: true });
    await thenDone();
    expect(await sandbox.stripe.subscriptions.retrieve(subscription)).toMatchObject({
      cancel_at_period_end: true,
    });
  },
);

test.each([
  ["now", "/v1/subscriptions/*", "before"],
  ["now", "/v1/subscriptions/*", "after"],
  ["period_end", "/v1/subscription_schedules", "before"],
  ["period_end", "/v1/subscription_schedules", "after"],
  ["period_end", "/v1/subscription_schedules/*", "before"],
  ["period_end", "/v1/subscription_schedules/*", "after"],
] as const)("a plan is changed %s, where a 500 of %s came %s it", async (when, path, moment) => {
  const { orderId, subscription } = await bought("pro");
  await breaks(path, moment);
  const wish = { quantity: 3, when, ...BY };
  expect(await app.changePlan(orderId, wish)).toEqual({ ok: true, state: "asked" });
  await thenDone();
  const { items, schedule } = await sandbox.stripe.subscriptions.retrieve(subscription, {
    expand: ["schedule"],
  });
  const planned = typeof schedule === "object" ? schedule?.phases.at(-1)?.items[0]?.quantity : undefined;
  expect([items.data[0]?.quantity, planned]).toEqual(when === "now" ? [3, undefined] : [1, 3]);
});

test.each([
  ["/v1/coupons", "before"],
  ["/v1/coupons", "after"],
  ["/v1/promotion_codes", "before"],
  ["/v1/promotion_codes", "after"],
] as const)("a code is made once, and ended, where a 500 of %s came %s it", async (path, when) => {
  const code = `KEPT${path.length}${when}`.toUpperCase();
  await breaks(path, when);
  const made = await app.promotionCodes.create({ code, percentOff: 20, ...BY });
  expect(made).toMatchObject({ promotionCode: { id: null, state: "asked" } });
  await thenDone();
  const { data } = await sandbox.stripe.promotionCodes.list({ code });
  expect(data).toMatchObject([{ active: true }]);
  await breaks("/v1/promotion_codes/*", when);
  await app.promotionCodes.deactivate(data[0]?.id ?? "", BY);
  await thenDone();
  expect((await sandbox.stripe.promotionCodes.list({ code })).data).toMatchObject([{ active: false }]);
});

test("a subscription that was made at Stripe is named after its order", async () => {
  const { data } = await sandbox.stripe.prices.list({ type: "recurring", limit: 1 });
  const customer = (await sandbox.stripe.customers.create({ email: "max@example.com" })).id;
  const card = await sandbox.stripe.paymentMethods.attach("pm_card_visa", { customer });
  const items = [{ price: data[0]?.id ?? "" }];
  const made = { customer, default_payment_method: card.id, items };
  const { id } = await sandbox.stripe.subscriptions.create(made);
  await breaks("/v1/subscriptions/*");
  const claimed = await app.claim(id, { userId: "buyer-by-hand", ...BY });
  expect(claimed).toMatchObject({ ok: true });
  await thenDone();
  const { metadata } = await sandbox.stripe.subscriptions.retrieve(id);
  expect(metadata.order_id).toBe(claimed.ok && claimed.orderId);
});
