import assert from "node:assert/strict";
import { createServer } from "node:http";
import { until, walk } from "./steps.mjs";

/**
 * What an app does with Better Auth and its Stripe plugin, as both come from npm. The packages are in the folder that this file is copied
 * into, which is why they are named by a variable.
 */
const load = (name) => import(name);
const [{ betterAuth }, { memoryAdapter }, { toNodeHandler }, { stripe }, { default: Stripe }] =
  await Promise.all(
    ["better-auth", "better-auth/adapters/memory", "better-auth/node", "@better-auth/stripe", "stripe"].map(
      load,
    ),
  );

const { APP_PORT, SANDBOX_PORT, WEBHOOK_SECRET } = process.env;
const APP = `http://127.0.0.1:${APP_PORT}`;
const SANDBOX = `http://127.0.0.1:${SANDBOX_PORT}`;
const client = new Stripe("sk_test_clients", {
  host: "127.0.0.1",
  port: Number(SANDBOX_PORT),
  protocol: "http",
});
const KEY = { authorization: "Bearer sk_test_clients" };

const price = async (unit_amount) => {
  const recurring = { interval: "month" };
  const made = await client.prices.create({
    currency: "usd",
    product_data: { name: `Plan for ${unit_amount}` },
    recurring,
    unit_amount,
  });
  return made.id;
};
const [pro, team] = [await price(1_900), await price(4_900)];

const tables = { account: [], session: [], subscription: [], user: [], verification: [] };
const auth = betterAuth({
  baseURL: APP,
  database: memoryAdapter(tables),
  emailAndPassword: { enabled: true },
  plugins: [
    stripe({
      createCustomerOnSignUp: true,
      stripeClient: client,
      stripeWebhookSecret: WEBHOOK_SECRET,
      subscription: {
        enabled: true,
        plans: [
          { name: "pro", priceId: pro },
          { name: "team", priceId: team },
          { freeTrial: { days: 14 }, name: "tried", priceId: pro },
        ],
      },
    }),
  ],
  rateLimit: { enabled: false },
  secret: "a secret of the example, which is long enough",
});
const server = createServer(toNodeHandler(auth)).listen(Number(APP_PORT), "127.0.0.1");

/** Calls the app's own routes, as a browser that is signed in. */
function browser() {
  let cookie = "";
  return async (path, body) => {
    const response = await fetch(`${APP}/api/auth${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json", cookie, origin: APP },
      ...(body && { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie();
    if (set.length > 0) cookie = set.map((one) => one.split(";")[0]).join("; ");
    const text = await response.text();
    assert.ok(response.ok, `${path} is answered ${response.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text || "null");
  };
}

const asha = browser();
const ravi = browser();
const signUp = (who, name) =>
  who("/sign-up/email", { email: `${name}@example.com`, name, password: "correct horse battery" });
const customerOf = (name) =>
  tables.user.find(({ email }) => email === `${name}@example.com`)?.stripeCustomerId;
const rowOf = (name) => tables.subscription.find((row) => row.stripeCustomerId === customerOf(name));
const urls = { cancelUrl: "/plans", returnUrl: "/account", successUrl: "/thanks" };
const sessionIn = (url) => /cs_test_\w+/.exec(url)?.[0] ?? "";
const confirm = (session, payment_method) =>
  client.rawRequest("POST", `/v1/payment_pages/${session}/confirm`, { payment_method });
const theirs = async (name) =>
  (await client.subscriptions.list({ customer: customerOf(name), status: "all" })).data[0];

await walk("@better-auth/stripe 1.7.6", {
  "signing up makes a customer": async () => {
    await signUp(asha, "asha");
    await until("the customer", () => customerOf("asha"));
    const customer = await client.customers.retrieve(customerOf("asha"));
    assert.equal(customer.email, "asha@example.com");
  },
  "a plan is chosen, and Checkout is opened for it": async () => {
    const { url } = await asha("/subscription/upgrade", { plan: "pro", ...urls });
    const session = await client.checkout.sessions.retrieve(sessionIn(url));
    assert.equal(session.mode, "subscription");
    assert.equal(rowOf("asha").status, "incomplete");
  },
  "a card that is declined leaves it as it was": async () => {
    const [session] = (await client.checkout.sessions.list({ customer: customerOf("asha") })).data;
    await assert.rejects(confirm(session.id, "pm_card_visa_chargeDeclined"), { statusCode: 402 });
    assert.equal(rowOf("asha").status, "incomplete");
  },
  "once it is paid, the webhook makes it active, with its period": async () => {
    const [session] = (await client.checkout.sessions.list({ customer: customerOf("asha") })).data;
    await confirm(session.id, "pm_card_visa");
    await until("the active subscription", () => rowOf("asha").status === "active");
    assert.ok(rowOf("asha").periodEnd > new Date());
    assert.match(rowOf("asha").stripeSubscriptionId, /^sub_/);
  },
  "the success page finds the same": async () => {
    const [session] = (await client.checkout.sessions.list({ customer: customerOf("asha") })).data;
    const response = await fetch(
      `${APP}/api/auth/subscription/success?callbackURL=/thanks&checkoutSessionId=${session.id}`,
      { redirect: "manual" },
    );
    assert.equal(response.status, 302);
  },
  "the list of active plans names it": async () => {
    const [only] = await asha("/subscription/list");
    assert.equal(only.plan, "pro");
    assert.equal(only.priceId, pro);
  },
  "another plan is a matter of the portal": async () => {
    const { url } = await asha("/subscription/upgrade", { plan: "team", ...urls });
    assert.match(url, /^http:\/\/127/);
    const { id, items } = await theirs("asha");
    await client.subscriptions.update(id, { items: [{ id: items.data[0].id, price: team }] });
    await until("the new plan", () => rowOf("asha").plan === "team");
  },
  "canceling opens the portal, and what was canceled there comes back": async () => {
    const { url } = await asha("/subscription/cancel", urls);
    assert.match(url, /^http:\/\/127/);
    const { id } = await theirs("asha");
    await client.subscriptions.update(id, { cancel_at_period_end: true });
    await until("the end that is planned", () => rowOf("asha").cancelAtPeriodEnd);
  },
  "a plan that was to end is restored": async () => {
    await asha("/subscription/restore", {});
    assert.equal((await theirs("asha")).cancel_at_period_end, false);
    await until("the plan that goes on", () => !rowOf("asha").cancelAtPeriodEnd);
  },
  "the portal is opened for its customer": async () => {
    const { url } = await asha("/subscription/billing-portal", { returnUrl: "/account" });
    assert.equal((await fetch(url)).status, 200);
  },
  "a renewal moves the period": async () => {
    const before = rowOf("asha").periodEnd;
    const headers = KEY;
    const body = JSON.stringify({ seconds: 32 * 86_400 });
    await fetch(`${SANDBOX}/sandbox/clock/advance`, { body, headers, method: "POST" });
    await until("the next period", () => rowOf("asha").periodEnd > before);
  },
  "the end of the subscription is heard of": async () => {
    await client.subscriptions.cancel((await theirs("asha")).id);
    await until("the end", () => rowOf("asha").status === "canceled");
    assert.deepEqual(await asha("/subscription/list"), []);
  },
  "a trial needs no payment": async () => {
    await signUp(ravi, "ravi");
    const { url } = await ravi("/subscription/upgrade", { plan: "tried", ...urls });
    await confirm(sessionIn(url), "pm_card_visa");
    await until("the trial", () => rowOf("ravi").status === "trialing");
    assert.ok(rowOf("ravi").trialEnd > new Date());
  },
  "a webhook that nobody signed is refused": async () => {
    const response = await fetch(`${APP}/api/auth/stripe/webhook`, {
      body: "{}",
      headers: { "stripe-signature": "t=1,v1=00" },
      method: "POST",
    });
    assert.equal(response.status, 400);
  },
});
server.closeAllConnections();
server.close();
