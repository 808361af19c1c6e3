import type { Shop } from "oncepaid/operations";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WORDS } from "../../shop/src/doctor/words.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { runCommand } from "../support/command.ts";
import { type CountingProxy, startCountingProxy } from "../support/counting-proxy.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";
import { withoutSettings } from "../support/settings.ts";

/** `npm run verify` on a shop that works, and on shops of which one thing each is broken on purpose. */

/** What works comes far sooner. */
const PATIENCE_MS = 5_000;
const EVERYTHING = [
  "test payment",
  "webhook log",
  "order row",
  "success page, reloaded",
  "refund",
  "session expired",
  "subscription",
  "subscription cancelled",
  "payment that is disputed",
  "dispute",
];

let app: TestApp;
let sandbox: Sandbox;
let door: CountingProxy;

beforeAll(async () => {
  app = await startApp({ env: { WORKER: "off" } });
  // The checkout compares the origin of a browser with the shop's own; the door stands where a proxy would.
  door = await startCountingProxy(app.url);
  sandbox = sandboxAt(app.stripeUrl);
  Object.assign(process.env, app.env, { LOG_LEVEL: "silent" });
});
afterAll(async () => {
  door.close();
  const { closeShop } = await import("../../shop/src/oncepaid.ts");
  await closeShop();
  await app.stop();
});
afterEach(async () => {
  door.answer(undefined);
  await sandbox.control("DELETE", "faults");
});

async function walked(more: Partial<Shop> = {}) {
  const { payInSandbox, verify } = await import("oncepaid/operations");
  const { oncepaid } = await import("../../shop/src/oncepaid.ts");
  return verify(oncepaid(), {
    url: app.url,
    pay: payInSandbox(oncepaid()),
    patienceMs: PATIENCE_MS,
    words: WORDS,
    ...more,
  });
}

const brokenOf = (rows: { step: string; held: boolean }[]) =>
  rows.flatMap(({ step, held }) => (held ? [] : [step]));
const drop = (...types: string[]) => sandbox.control("POST", "faults/deliveries", { fault: "drop", types });

test("a shop that works holds in every row, each with the order it was seen at", async () => {
  const rows = await walked();
  expect(rows.map(({ step }) => step)).toEqual(EVERYTHING);
  expect(brokenOf(rows)).toEqual([]);
  for (const { orderId } of rows) expect(orderId).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  { lost: ["checkout.session.completed"], broken: ["webhook log"] },
  { lost: ["charge.refunded", "refund.*"], broken: ["refund"] },
  { lost: ["checkout.session.expired"], broken: ["session expired"] },
  { lost: ["customer.subscription.deleted"], broken: ["subscription cancelled"] },
  { lost: ["charge.dispute.*"], broken: ["dispute"] },
])("where $lost.0 is lost on the way, that row says so and where to look", async ({ lost, broken }) => {
  await drop(...lost);
  const rows = await walked();
  expect(brokenOf(rows)).toEqual(broken);
  expect(rows.find(({ held }) => !held)?.detail).toMatch(/did not arrive.*dashboard.*npm run doctor/);
});

test("a payment that is declined is told in the bank's words", async () => {
  const { payInSandbox } = await import("oncepaid/operations");
  const { oncepaid } = await import("../../shop/src/oncepaid.ts");
  const pay = payInSandbox(oncepaid());
  const rows = await walked({
    pay: (purchase, card) => pay(purchase, { ...card, method: "pm_card_visa_chargeDeclined" }),
  });
  expect(brokenOf(rows)).toEqual(["test payment", "subscription", "payment that is disputed"]);
  expect(rows[0]?.detail).toMatch(/declined/);
});

test("a success page that fails is its own row", async () => {
  door.answer((_, path) =>
    path.startsWith("/checkout/success") ? { status: 500, body: { error: "Broken on purpose." } } : undefined,
  );
  const rows = await walked({ url: door.url });
  expect(brokenOf(rows)).toEqual(["success page, reloaded"]);
  expect(rows.find(({ held }) => !held)?.detail).toContain("answered 500");
});

test("a wrong signing secret breaks every row that lives by deliveries, and only those", async () => {
  const right = app.env.STRIPE_WEBHOOK_SECRET ?? "";
  app.env.STRIPE_WEBHOOK_SECRET = "whsec_another";
  await app.restart();
  const rows = await walked();
  app.env.STRIPE_WEBHOOK_SECRET = right;
  await app.restart();
  // The page the buyer returns to asks Stripe itself, so the purchase is still fulfilled.
  expect(brokenOf(rows)).toEqual([
    "webhook log",
    "refund",
    "session expired",
    "subscription cancelled",
    "dispute",
  ]);
  expect(rows.find(({ step }) => step === "webhook log")?.detail).toContain("STRIPE_WEBHOOK_SECRET");
});

test("in live mode it buys nothing, and doesn't even look unless it is told to", async () => {
  const command = runCommand("verify", {
    ...withoutSettings(),
    STRIPE_SECRET_KEY: "sk_live_never_used",
    STRIPE_WEBHOOK_SECRET: "whsec_never_used",
    DATABASE_URL: app.databaseUrl,
    APP_URL: "https://shop.example",
    AUTH_SECRET: "an auth secret that only tests use",
  });
  expect(await command.ended).toBe("exit code 1");
  expect(command.output()).toContain("npm run verify -- --live");
});
