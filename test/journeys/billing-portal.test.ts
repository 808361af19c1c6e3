import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";

/** A plan is looked after on Stripe's own page, and what is done there arrives as events. */
let app: TestApp;
let stripe: Stripe;

beforeAll(async () => {
  app = await startApp({ env: { API_KEYS: API_KEY } });
  const { hostname, port } = new URL(app.stripeUrl);
  stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", telemetry: false });
});
afterAll(() => app.stop());

const OWNER = "owner-of-the-plan";

async function ask(path: string, body?: object): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(`${app.url}${path}`, {
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

/** Buys the plan with three seats and invites a member; answers the plan's id. */
async function team(): Promise<string> {
  const cart = { cartId: "cart-of-the-plan", productKey: "pro", quantity: 3, userId: OWNER };
  const { json } = await ask("/api/checkout", cart);
  const [session] = /cs_test_\w+/.exec(String(json.url)) ?? [];
  await stripe.rawRequest("POST", `/v1/payment_pages/${session}/confirm`, { payment_method: "pm_card_visa" });
  await told();
  return String((await plan()).id);
}

/** Everything Stripe has to tell was told. */
async function told(): Promise<void> {
  const idle = async () => {
    const response = await fetch(`${app.stripeUrl}/sandbox/webhooks/idle`, { method: "POST", body: "{}" });
    return Object(await response.json()).idle === true;
  };
  while (!(await idle())) {}
}

async function plan(): Promise<Record<string, unknown>> {
  const { json } = await ask(`/api/entitlements?userId=${OWNER}`);
  const [entitlement] = Array.isArray(json.entitlements) ? json.entitlements : [];
  return entitlement;
}

/** Fills the form at an address below the portal's page. */
async function submit(url: string, path: string, fields: Record<string, string> = {}): Promise<void> {
  const response = await fetch(`${url}/${path}`, { method: "POST", body: new URLSearchParams(fields) });
  expect(response.status).toBe(200);
  await told();
}

test("seats, cancellation and its withdrawal on Stripe's page change the plan, and its members with it", async () => {
  const planId = await team();
  for (const email of ["first@example.com", "second@example.com", "third@example.com"]) {
    expect((await ask(`/api/plans/${planId}/seats`, { email })).status).toBe(200);
  }
  const { status, json } = await ask("/api/billing-portal", { userId: OWNER, entitlementId: planId });
  expect(status).toBe(200);
  const url = String(json.url);
  expect(url.startsWith(app.stripeUrl)).toBe(true);
  const page = await (await fetch(url)).text();
  expect(page).toContain(`${app.url.replace("127.0.0.1", "localhost")}/account`);
  const [, subscription] = /subscriptions\/(sub_\w+)/.exec(page) ?? [];

  await submit(url, `subscriptions/${subscription}/update`, { quantity: "1" });
  expect(await plan()).toMatchObject({ state: "active", quantity: 1 });
  expect((await ask(`/api/plans/${planId}/seats`, { email: "fourth@example.com" })).json.code).toBe(
    "no_seat_left",
  );

  await submit(url, `subscriptions/${subscription}/update`, { quantity: "4" });
  expect((await ask(`/api/plans/${planId}/seats`)).json).toMatchObject({
    plan: { quantity: 4, seatsLeft: 1 },
  });

  await submit(url, `subscriptions/${subscription}/cancel`);
  expect(await plan()).toMatchObject({ state: "active", reason: "cancels_at_period_end" });
  await submit(url, `subscriptions/${subscription}/resume`);
  expect(await plan()).toMatchObject({ state: "active", reason: null });
});

test("nobody gets to the portal of another customer, and who bought nothing has none", async () => {
  const { id } = await plan();
  expect(await ask("/api/billing-portal", { userId: "somebody-else", entitlementId: id })).toMatchObject({
    status: 404,
    json: { code: "no_customer" },
  });
  expect((await ask("/api/billing-portal", { userId: "somebody-else" })).json.code).toBe("no_customer");
});

test("while Stripe doesn't open it, the answer says that it is safe to try again", async () => {
  // A gateway's error, which the SDK tries again: Stripe's own 500 says that another try is of no use.
  const fault = { fault: "error", status: 503, path: "/v1/billing_portal/sessions", times: 3 };
  const set = await fetch(`${app.stripeUrl}/sandbox/faults/api`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  expect(set.ok).toBe(true);
  expect(await ask("/api/billing-portal", { userId: OWNER })).toMatchObject({
    status: 502,
    json: { code: "stripe_unavailable" },
  });
  expect((await ask("/api/billing-portal", { userId: OWNER })).status).toBe(200);
});
