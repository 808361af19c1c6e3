import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { plan } from "#/catalog/product.ts";
import { subscribed } from "#/events/routes.ts";
import { toNodeListener } from "#/node.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { until } from "../../../shop/embedded/alive.ts";
import type { NodeChild } from "../../../shop/embedded/node-child.ts";
import { freePortsFrom } from "../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder, type TestDatabase } from "../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../test/support/sandbox.ts";

/**
 * Ninety days of plans on the sandbox's clock, with every ending there is: nobody pays for a plan that gives no access, and no
 * access outlives what was paid for by more than its grace.
 */

const DAYS = 90;
/** Whoever looks less often sees less; each look costs. */
const STEP_DAYS = 3;
const DAY_SECONDS = 86_400;
const PATIENCE_MS = 30_000;
const BY = { by: "ada" };
/** Seconds: what becomes of a renewal and of an ending at the same moment may come in either order. */
const SAME_MOMENT_SECONDS = 3600;
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const GRACE_DAYS = 7;
let database: TestDatabase;
let child: NodeChild;
let sandbox: Sandbox;
let server: Server;
let oncepaid: ReturnType<typeof open>;
const webhookSecrets: string[] = [];

function open(url: string, apiBase: string) {
  return createOncepaid({
    database: database.url,
    stripe: { secretKey: "sk_test_sandbox", webhookSecret: webhookSecrets, apiBase },
    appUrl: url,
    products: [
      plan({
        key: "pro",
        name: "Pro",
        price: { amount: 2900, currency: "usd", interval: "month" },
        policy: { gracePeriod: GRACE_DAYS * DAY_SECONDS },
      }),
    ],
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
}

beforeAll(async () => {
  const dir = join(runFolder(), `ninety-days-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  database = await createDatabase();
  child = await startSandbox({ dir, nextPort: freePortsFrom(37_000), onSpawn: () => undefined });
  sandbox = sandboxAt(child.url);
  server = createServer((request, response) => toNodeListener(oncepaid)(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const endpoint = await sandbox.stripe.webhookEndpoints.create({
    url: `${url}/api/oncepaid/stripe/webhook`,
    enabled_events: subscribed(),
  });
  webhookSecrets.push(endpoint.secret ?? "");
  oncepaid = open(url, child.url);
  await oncepaid.push();
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await oncepaid.close();
  await child.stop();
  await database.drop();
});

type Owner = { orderId: string; userId: string; subscription: string; customer: string };

/** The page of a cart, which may be paid later. */
async function page(
  userId: string,
  cartId = `cart-${userId}`,
): Promise<{ orderId: string; sessionId: string }> {
  const started = await oncepaid.checkout({
    cartId,
    productKey: "pro",
    userId,
    email: `${userId}@example.com`,
  });
  if (!started.ok) throw new Error(started.error);
  const [session] = (await sandbox.stripe.checkout.sessions.list({ limit: 1 })).data;
  return { orderId: started.orderId, sessionId: session?.id ?? "" };
}

async function buy(userId: string): Promise<Owner> {
  const { orderId, sessionId } = await page(userId);
  await sandbox.pay(sessionId);
  expect(await until(() => oncepaid.has(userId, "pro"), PATIENCE_MS)).toBe(true);
  const { subscription, customer } = await sandbox.stripe.checkout.sessions.retrieve(sessionId);
  return { orderId, userId, subscription: String(subscription), customer: String(customer) };
}

async function end({ userId }: Owner): Promise<void> {
  const [entitlement] = await oncepaid.entitlements(userId);
  // A ruling is dated by this machine's clock.
  vi.useFakeTimers({ now: (await clock()) * 1000, toFake: ["Date"] });
  await oncepaid.end(entitlement?.id ?? "", BY).finally(() => vi.useRealTimers());
}

async function clock(): Promise<number> {
  return Number(Object(await sandbox.control("GET", "clock")).now);
}

async function lose({ subscription }: Owner): Promise<void> {
  const invoices = await sandbox.stripe.invoices.list({ subscription, limit: 1 });
  const payments = await sandbox.stripe.invoicePayments.list({ invoice: invoices.data[0]?.id ?? "" });
  const intent = await sandbox.stripe.paymentIntents.retrieve(
    String(payments.data[0]?.payment.payment_intent),
  );
  await sandbox.control("POST", `charges/${String(intent.latest_charge)}/dispute`, { lost: true });
}

/** From now on its renewals are declined. */
async function declineRenewals({ subscription, customer }: Owner): Promise<void> {
  const method = await sandbox.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await sandbox.stripe.subscriptions.update(subscription, { default_payment_method: method.id });
}

async function refundLast({ orderId }: Owner): Promise<void> {
  await oncepaid.refund(orderId, BY);
}

/** What becomes of each owner's plan, and on which day. */
const ENDINGS: Record<string, [day: number, happens: (owner: Owner) => Promise<unknown>]> = {
  keeps: [0, async () => {}],
  refunded_and_goes_on: [6, refundLast],
  cancels_at_period_end: [9, ({ orderId }) => oncepaid.cancel(orderId, { when: "period_end", ...BY })],
  cancels_now: [12, ({ orderId }) => oncepaid.cancel(orderId, { when: "now", ...BY })],
  canceled_in_the_dashboard: [15, ({ subscription }) => sandbox.stripe.subscriptions.cancel(subscription)],
  loses_a_dispute_early: [3, lose],
  loses_a_dispute_of_a_renewal: [39, lose],
  ended_by_an_operator: [21, end],
  ended_after_a_renewal: [33, end],
  renewals_declined: [9, declineRenewals],
  renewals_declined_later: [51, declineRenewals],
  ended_while_past_due: [33, end],
};

/** The engine's clocks are this machine's; what is due by the sandbox's is made due, and looked at as on that day. */
async function work(): Promise<number> {
  await sandbox.sent();
  await oncepaid.sweep();
  await sandbox.sent();
  const now = await clock();
  const engine = engineIn(oncepaid);
  await engine.database.query(
    'update oncepaid."order" set recheck_at = now() where recheck_at <= to_timestamp($1::double precision)',
    [now],
  );
  vi.useFakeTimers({ now: now * 1000, toFake: ["Date"] });
  await settleOpenOrders(engine).finally(() => vi.useRealTimers());
  return now;
}

type Grant = { orderId: string; state: string; reason: string | null; endsAt: number | null };

async function grants(): Promise<Map<string, Grant>> {
  const { rows } = await engineIn(oncepaid).database.query<Grant>(
    `select order_id as "orderId", state, reason, extract(epoch from ends_at)::float8 as "endsAt" from oncepaid.entitlement`,
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

const orderOf = ({ parent }: Stripe.Invoice) => parent?.subscription_details?.metadata?.order_id ?? "";

test(`in ${DAYS} days no invoice is paid for a plan without access, and no access outlives its payment and grace`, async () => {
  const owners = new Map<string, Owner>();
  for (const name of Object.keys(ENDINGS)) owners.set(name, await buy(name));
  // One plan in two tabs: both pages are open before either is paid.
  const tabs = [await page("two_tabs", "cart-tab-one"), await page("two_tabs", "cart-tab-two")];
  for (const { sessionId } of tabs) await sandbox.pay(sessionId);
  const past = owners.get("ended_while_past_due");
  if (past) await declineRenewals(past);
  const outlived: string[] = [];
  for (let day = STEP_DAYS; day <= DAYS; day += STEP_DAYS) {
    await sandbox.control("POST", "clock/advance", { seconds: STEP_DAYS * DAY_SECONDS });
    await work();
    for (const [name, [when, happens]] of Object.entries(ENDINGS)) {
      const owner = owners.get(name);
      if (owner && when === day) await happens(owner);
    }
    const now = await work();
    for (const { orderId, state, endsAt } of (await grants()).values()) {
      if (state === "active" && endsAt !== null && endsAt < now - SAME_MOMENT_SECONDS)
        outlived.push(`${orderId} on day ${day}`);
    }
  }
  const access = await grants();
  const invoices = (await all(sandbox.stripe.invoices.list({ status: "paid", limit: 100 }))).filter(
    ({ amount_paid }) => amount_paid > 0,
  );
  const refunded = new Set(
    (await all(sandbox.stripe.refunds.list({ limit: 100 }))).map(({ metadata }) => metadata?.order_id),
  );
  const withoutAccess = invoices.filter((invoice) => {
    const grant = access.get(orderOf(invoice));
    if (!grant) return !refunded.has(orderOf(invoice));
    const paidAt = invoice.status_transitions.paid_at ?? 0;
    return grant.state === "ended" && paidAt > (grant.endsAt ?? 0) + SAME_MOMENT_SECONDS;
  });
  const running = (await all(sandbox.stripe.subscriptions.list({ status: "active", limit: 100 }))).map(
    ({ metadata }) => metadata.order_id ?? "",
  );
  const report = {
    days: DAYS,
    plans: owners.size + tabs.length,
    invoicesPaid: invoices.length,
    paidWithoutAccess: withoutAccess.length,
    daysOfAccessBeyondPayment: outlived.length,
    stillBilled: running.length,
    stillBilledWithoutAccess: running.filter((orderId) => access.get(orderId)?.state !== "active").length,
    ends: Object.fromEntries(
      [...Map.groupBy(access.values(), ({ state, reason }) => `${state} ${reason ?? ""}`.trim())].map(
        ([name, of]) => [name, of.length],
      ),
    ),
  };
  console.info(JSON.stringify(report));
  expect(outlived).toEqual([]);
  expect(withoutAccess.map(orderOf)).toEqual([]);
  expect(report).toMatchObject({ stillBilledWithoutAccess: 0, stillBilled: 3 });
  expect(invoices.length).toBeGreaterThan(owners.size);
  const since = Math.floor(Date.now() / 1000) - DAY_SECONDS;
  expect(await oncepaid.reconcile({ since })).toMatchObject({ ok: true });
  expect(await grants()).toEqual(access);
});
