import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { download, plan } from "#/catalog/product.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder, type TestDatabase } from "../../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../../test/support/sandbox.ts";

/** What was bought beside a plan is given back from the payment that paid it, whatever the plan has cost since. */

const BY = { by: "ada" };
const MONTH_SECONDS = 32 * 24 * 60 * 60;
let running: Awaited<ReturnType<typeof startSandbox>>;
let sandbox: Sandbox;
let database: TestDatabase;
let app: ReturnType<typeof shop>;
/** Each bought before its plan was renewed. */
let plain: Bought;
let tried: Bought;
let discounted: Bought;
let partly: Bought;
let untold: Bought;

function shop() {
  const nothing = () => {};
  return createOncepaid({
    database: database.url,
    stripe: { secretKey: "sk_test_sandbox", webhookSecret: "whsec_1", apiBase: running.url },
    appUrl: "http://localhost:3000",
    products: [
      plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } }),
      plan({
        ...{ key: "trial", name: "Trial", trialDays: 7 },
        price: { amount: 2900, currency: "usd", interval: "month" },
      }),
      download({
        ...{ key: "ebook", name: "Field guide", price: { amount: 1900, currency: "usd" } },
        files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
      }),
    ],
    identify: () => null,
    log: { info: nothing, warn: nothing, error: nothing },
  });
}

type Bought = { userId: string; orderId: string; payment: string };

let buyers = 0;
async function bought(productKey: "pro" | "trial", discount?: string): Promise<Bought> {
  const userId = `buyer-${++buyers}`;
  const items = [{ productKey }, { productKey: "ebook" as const }];
  const started = await app.checkout({
    cartId: `cart-${userId}`,
    items,
    userId,
    ...(discount && { discount }),
  });
  if (!started.ok) throw new Error(started.error);
  const session = started.url.split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await sandbox.pay(session);
  const { invoice } = await sandbox.stripe.checkout.sessions.retrieve(session);
  const { data } = await sandbox.stripe.invoicePayments.list({ invoice: String(invoice) });
  return { userId, orderId: started.orderId, payment: String(data[0]?.payment.payment_intent) };
}

beforeAll(async () => {
  const dir = mkdtempSync(join(runFolder(), "refund-lines-"));
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
  const coupon = await sandbox.stripe.coupons.create({ percent_off: 50, duration: "once" });
  plain = await bought("pro");
  tried = await bought("trial");
  discounted = await bought("pro", coupon.id);
  partly = await bought("pro");
  untold = await bought("pro");
  await app.reconcile();
  expect(await app.refund(partly.orderId, { amount: 3500, ...BY })).toMatchObject({ ok: true });
  await sandbox.control("POST", "clock/advance", { seconds: MONTH_SECONDS });
  await app.reconcile();
});
afterAll(async () => {
  await app.close();
  await running.stop();
  await database.drop();
});

const giveBack = ({ orderId }: Bought, productKey: "pro" | "trial" | "ebook", amount?: number) =>
  app.refund(orderId, { items: [{ productKey }], ...(amount && { amount }), ...BY });

async function refundedOf({ payment }: Bought): Promise<number[]> {
  const { data } = await sandbox.stripe.refunds.list({ payment_intent: payment });
  return data.map(({ amount }) => amount);
}

test("after a renewal a line that was paid once is given back from the first payment, with its own amount, and the plan goes on", async () => {
  const { invoices } = (
    await engineIn(app).database.query<{ invoices: object }>(
      `select facts -> 'invoices' as invoices from oncepaid."order" where id = $1`,
      [plain.orderId],
    )
  ).rows[0] ?? { invoices: {} };
  expect(Object.keys(invoices)).toHaveLength(2);
  expect(await giveBack(plain, "ebook")).toMatchObject({ ok: true, refund: { amount: 1900, state: "made" } });
  expect(await refundedOf(plain)).toEqual([1900]);
  await app.reconcile();
  expect(await app.has(plain.userId, "ebook")).toBe(false);
  expect(await app.has(plain.userId, "pro")).toBe(true);
  expect(await giveBack(plain, "ebook")).toMatchObject({ ok: false, code: "not_refundable" });
});

test("a plan is no line that can be given back by itself: what to do instead is said, and nothing is asked", async () => {
  for (const amount of [undefined, 500])
    expect(await giveBack(discounted, "pro", amount)).toMatchObject({
      ok: false,
      code: "not_refundable",
      error: expect.stringContaining("without naming lines"),
    });
  expect(await refundedOf(discounted)).toEqual([]);
});

test("a discount of the first payment is shared out", async () => {
  expect(await giveBack(discounted, "ebook")).toMatchObject({ ok: true, refund: { amount: 950 } });
  expect(await refundedOf(discounted)).toEqual([950]);
});

test("beside a plan that began with a trial the line alone was paid", async () => {
  expect(await giveBack(tried, "ebook")).toMatchObject({ ok: true, refund: { amount: 1900 } });
  expect(await refundedOf(tried)).toEqual([1900]);
  await app.reconcile();
  expect(await app.has(tried.userId, "ebook")).toBe(false);
  expect(await app.has(tried.userId, "trial")).toBe(true);
});

test("of a first payment that was given back in part no more goes back than is left of it", async () => {
  expect(await giveBack(partly, "ebook", 1900)).toMatchObject({ ok: false, code: "refund_too_large" });
  expect(await giveBack(partly, "ebook")).toMatchObject({ ok: true, refund: { amount: 1300 } });
  expect(await refundedOf(partly)).toEqual([1300, 3500]);
});

test("where no event told of the first payment, Stripe is asked for it", async () => {
  await engineIn(app).database.query(
    `update oncepaid."order" set facts = facts || jsonb_build_object(
         'invoices', (facts -> 'invoices') - (select value ->> 'invoice' from jsonb_each(facts -> 'sessions')),
         'sessions', (select jsonb_object_agg(key, value - 'invoice') from jsonb_each(facts -> 'sessions'))) where id = $1`,
    [untold.orderId],
  );
  expect(await giveBack(untold, "ebook")).toMatchObject({ ok: true, refund: { amount: 1900 } });
  expect(await refundedOf(untold)).toEqual([1900]);
});

test("without naming lines the newest payment is given back, as before", async () => {
  expect(await app.refund(plain.orderId, BY)).toMatchObject({ ok: true, refund: { amount: 2900 } });
  expect(await refundedOf(plain)).toEqual([1900]);
});
