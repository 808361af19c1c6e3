import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Account } from "./control/account.ts";
import { TestReceiver } from "./delivery/test-receiver.ts";
import { startSandbox } from "./server.ts";
import { refusal, sdkFor, TestShop } from "./test-shop.ts";

const DAY_SECONDS = 86_400;

let shop: TestShop;
let one: Account;
let other: Account;
let first: Stripe;
let second: Stripe;
const receivers: TestReceiver[] = [];

beforeAll(async () => {
  shop = await TestShop.open();
  [one, other] = [await accountOf("one"), await accountOf("other_2")];
  [first, second] = [sdkFor(shop.sandbox.port, one.secretKey), sdkFor(shop.sandbox.port, other.secretKey)];
});
afterAll(async () => {
  await shop.close();
  for (const receiver of receivers) await receiver.close();
});

/** An account with an endpoint of its own. */
async function accountOf(name: string): Promise<Account> {
  const receiver = await TestReceiver.open();
  receivers.push(receiver);
  const account = shop.sandbox.account(name, { url: receiver.url });
  receiver.secret = account.webhookSecret ?? "";
  return account;
}

/** Calls the control API of the account of a key. */
async function control(path: string, key?: string, body?: object) {
  const response = await fetch(`${shop.sandbox.url}/sandbox/${path}`, {
    method: body ? "POST" : "GET",
    ...(key && { headers: { authorization: `Bearer ${key}` } }),
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function buy(stripe: Stripe): Promise<Stripe.Checkout.Session> {
  const price_data = { currency: "usd", unit_amount: 4900, product_data: { name: "Workshop" } };
  return stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ price_data, quantity: 1 }],
    success_url: "http://shop.test/thanks",
  });
}

test("what one account has, no other finds: objects, events, idempotency keys", async () => {
  const idempotencyKey = "the same for both";
  const [mine, theirs] = [
    await first.customers.create({ email: "one@example.com" }, { idempotencyKey }),
    await second.customers.create({ email: "other@example.com" }, { idempotencyKey }),
  ];
  expect((await first.customers.retrieve(mine.id)).id).toBe(mine.id);
  for (const stranger of [second, shop.stripe]) {
    const error = await refusal(stranger.customers.retrieve(mine.id));
    expect(error).toMatchObject({ code: "resource_missing", statusCode: 404 });
  }
  const emails = async (stripe: Stripe) => (await stripe.customers.list()).data.map(({ email }) => email);
  expect(await emails(first)).toEqual([mine.email]);
  expect(await emails(second)).toEqual([theirs.email]);
  expect(await emails(shop.stripe)).toEqual([]);
  const about = async (stripe: Stripe) =>
    (await stripe.events.list()).data.map((event) => Object(event.data.object).id);
  expect(await about(first)).toEqual([mine.id]);
  expect(await about(second)).toEqual([theirs.id]);
  expect((await first.accounts.retrieveCurrent()).id).toBe(one.id);
  const wrong = await refusal(first.customers.list({}, { stripeAccount: other.id }));
  expect(wrong).toMatchObject({ code: "account_invalid" });
});

test("an account's events go to its own endpoints, signed with their secret", async () => {
  const { id } = await second.products.create({ name: "Handbook" });
  for (const key of [one.secretKey, other.secretKey]) await control("webhooks/idle", key, {});
  const [atOne, atOther] = receivers.map(({ events }) =>
    events.filter(({ type }) => type === "product.created").map(({ data }) => Object(data.object).id),
  );
  expect(atOther).toEqual([id]);
  expect(atOne).toEqual([]);
  expect(await shop.types()).toEqual([]);
});

test("clock, faults and snapshots are an account's own", async () => {
  const { now } = await control("clock");
  await control("snapshot", one.secretKey, {});
  await control("clock/advance", one.secretKey, { seconds: 30 * DAY_SECONDS });
  await control("faults/api", one.secretKey, { fault: "error", path: "/v1/coupons" });
  expect((await control("clock", one.secretKey)).now - now).toBeGreaterThanOrEqual(30 * DAY_SECONDS);
  expect((await control("clock", other.secretKey)).now - now).toBeLessThan(DAY_SECONDS);
  expect((await control("clock")).now - now).toBeLessThan(DAY_SECONDS);
  expect(await refusal(first.coupons.create({ percent_off: 5 }))).toMatchObject({ statusCode: 500 });
  const coupon = await second.coupons.create({ percent_off: 5 });
  await control("restore", one.secretKey, {});
  expect((await control("clock", one.secretKey)).now - now).toBeLessThan(DAY_SECONDS);
  expect(await second.coupons.retrieve(coupon.id)).toHaveProperty("id", coupon.id);
  expect((await first.coupons.create({ percent_off: 5 })).percent_off).toBe(5);
});

test("the page of a session, its receipt and its link belong to the account that made them, whatever browser opens them", async () => {
  const session = await buy(second);
  expect(await (await fetch(session.url ?? "")).text()).toContain("Workshop");
  const paid = await shop.submit(session.id);
  expect(paid.headers.get("location")).toBe("http://shop.test/thanks");
  const { payment_status, payment_intent } = await second.checkout.sessions.retrieve(session.id, {
    expand: ["payment_intent.latest_charge"],
  });
  expect(payment_status).toBe("paid");
  expect((await fetch(Object(payment_intent).latest_charge.receipt_url)).status).toBe(200);
  const { id: price } = await second.prices.create({
    currency: "usd",
    unit_amount: 900,
    product_data: { name: "Sticker" },
  });
  const link = await second.paymentLinks.create({ line_items: [{ price, quantity: 1 }] });
  expect(await (await fetch(link.url)).text()).toContain("Sticker");
  const customer = (await second.customers.create()).id;
  await control("billing", other.secretKey, { portal_default: true });
  const portal = await second.billingPortal.sessions.create({ customer });
  expect((await fetch(portal.url)).status).toBe(200);
});

test("the dashboard shows the account that was chosen", async () => {
  const product = await first.products.create({ name: "Of the first" });
  const page = (cookie = "") =>
    fetch(`${shop.sandbox.url}/dashboard/objects/${product.id}`, { headers: { cookie } });
  expect((await page()).status).toBe(404);
  const chosen = await fetch(`${shop.sandbox.url}/dashboard/accounts/${one.id}`, { redirect: "manual" });
  const cookie = chosen.headers.get("set-cookie")?.split(";")[0];
  const shown = await page(cookie);
  expect(shown.status).toBe(200);
  expect(await shown.text()).toContain(`<a href="/dashboard/accounts/${other.id}"`);
});

test("a session of another account is not opened by Stripe.js", async () => {
  const { client_secret } = await second.checkout.sessions.create({
    mode: "payment",
    ui_mode: "embedded_page",
    return_url: "http://shop.test/back",
    line_items: [
      { price_data: { currency: "usd", unit_amount: 4900, product_data: { name: "Workshop" } }, quantity: 1 },
    ],
  });
  const init = (key: string) =>
    fetch(`${shop.sandbox.url}/stripe-js/init`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: new URLSearchParams({ client_secret: client_secret ?? "" }),
    });
  expect((await init(other.publishableKey)).status).toBe(200);
  expect((await init(one.publishableKey)).status).toBe(404);
  expect((await init("pk_test_123")).status).toBe(404);
});

test("accounts are listed, and one that is forgotten begins anew", async () => {
  const gone = shop.sandbox.account("gone");
  const stripe = sdkFor(shop.sandbox.port, gone.secretKey);
  await stripe.customers.create();
  const ids = async () => (await control("accounts")).data.map(({ id }: { id: string }) => id);
  expect(await ids()).toEqual(["acct_1Sandbox", one.id, other.id, gone.id]);
  await fetch(`${shop.sandbox.url}/sandbox/accounts/${gone.id}`, { method: "DELETE" });
  expect(await ids()).not.toContain(gone.id);
  expect((await stripe.customers.list()).data).toEqual([]);
});

test("a name that is no account's is refused, and opens nothing", async () => {
  const keys = ["sk_test_acct_UPPER", `sk_test_acct_${"a".repeat(41)}`];
  for (const key of keys) {
    const error = await refusal(sdkFor(shop.sandbox.port, key).customers.list());
    expect(error).toMatchObject({ statusCode: 401 });
  }
  expect(() => shop.sandbox.account("../x")).toThrow("a-z");
});

test("with a data folder every account is there again after a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-accounts-"));
  const before = await startSandbox({ port: 0, dataDir });
  const { secretKey } = before.account("kept");
  const { id } = await sdkFor(before.port, secretKey).customers.create();
  await before.close();
  const after = await startSandbox({ port: 0, dataDir });
  const listed = await (await fetch(`${after.url}/sandbox/accounts`)).json();
  expect(listed.data).toHaveLength(2);
  expect(await sdkFor(after.port, secretKey).customers.retrieve(id)).toHaveProperty("id", id);
  await after.close();
  rmSync(dataDir, { recursive: true });
});

test("who started it has an account's clock, snapshots and faults at hand", async () => {
  const account = shop.sandbox.account("at_hand");
  const stripe = sdkFor(shop.sandbox.port, account.secretKey);
  const began = account.now();
  const session = await buy(stripe);
  account.snapshot("bought");
  account.advance(2 * DAY_SECONDS);
  expect(account.now()).toBeGreaterThanOrEqual(began + 2 * DAY_SECONDS);
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("expired");
  account.restore("bought");
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
  expect(account.now()).toBeLessThan(began + DAY_SECONDS);
  const repair = account.failRequests({ fault: "error", status: 503, method: "GET" });
  expect(await refusal(stripe.customers.list())).toMatchObject({ statusCode: 503 });
  repair();
  expect((await stripe.customers.list()).data).toEqual([]);
  account.reset();
  expect(await refusal(stripe.checkout.sessions.retrieve(session.id))).toMatchObject({ statusCode: 404 });
  expect(() => account.restore("never")).toThrow("no snapshot");
});

test("deliveries go wrong for as long as who started it lets them, and are waited for", async () => {
  const receiver = await TestReceiver.open();
  receivers.push(receiver);
  const account = shop.sandbox.account("going_wrong", { url: receiver.url });
  receiver.secret = account.webhookSecret ?? "";
  const stripe = sdkFor(shop.sandbox.port, account.secretKey);
  const repair = account.failDeliveries({ fault: "down", types: ["customer.created"] });
  await stripe.customers.create();
  expect(await account.idle()).toBe(true);
  expect(receiver.events).toHaveLength(0);
  repair();
  await stripe.customers.create();
  expect(await account.idle()).toBe(true);
  expect(receiver.events).toHaveLength(1);
});
