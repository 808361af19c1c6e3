import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { plan } from "#/catalog/product.ts";
import { subscribed } from "#/events/routes.ts";
import { toNodeListener } from "#/node.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { API_VERSION } from "#/stripe/client.ts";
import { until } from "../../../../shop/embedded/alive.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder } from "../../../../test/support/database.ts";
import { sandboxAt } from "../../../../test/support/sandbox.ts";

/** An app whose plans differ in what becomes of their billing when access ends, with a sandbox of its own. */

export const POLICIES = ["cancel", "pause", "tell"] as const;
export type PlanPolicy = (typeof POLICIES)[number];
export const BY = { by: "ada" };
export const DAY_SECONDS = 86_400;
export const GRACE_SECONDS = 7 * DAY_SECONDS;
const PATIENCE_MS = 30_000;

export type Owner = {
  orderId: string;
  userId: string;
  productKey: PlanPolicy;
  subscription: string;
  customer: string;
};
export type World = Awaited<ReturnType<typeof startWorld>>;

type Place = { database: string; appUrl: string; apiBase: string; webhookSecret: string };

function open(
  { database, appUrl, apiBase, webhookSecret }: Place,
  refund: (orderId: string) => Promise<void>,
) {
  const { stripe } = sandboxAt(apiBase);
  return createOncepaid({
    database,
    stripe: { secretKey: "sk_test_sandbox", webhookSecret, apiBase },
    appUrl,
    products: POLICIES.map((onAccessEnded) =>
      plan({
        key: onAccessEnded,
        name: onAccessEnded,
        price: { amount: 2900, currency: "usd", interval: "month" },
        policy: { gracePeriod: GRACE_SECONDS, onRefund: "end", onAccessEnded, onEarlyFraudWarning: "refund" },
      }),
    ),
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    after: {
      // Whoever is told does what is left to them: ends the plan, and gives back what was paid for one its buyer had already.
      "billing.stopped": async ({ orderId, subscriptionId, cause, action }) => {
        if (action === "left") await stripe.subscriptions.cancel(subscriptionId);
        if (action !== "canceled" && cause === "duplicate") await refund(orderId);
      },
    },
  });
}

export async function startWorld() {
  const dir = join(runFolder(), `ninety-days-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  const database = await createDatabase();
  const child = await startSandbox({ dir, nextPort: freePortsFrom(37_000), onSpawn: () => undefined });
  const sandbox = sandboxAt(child.url);
  const server = createServer((request, response) => toNodeListener(oncepaid)(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const { secret } = await sandbox.stripe.webhookEndpoints.create({
    url: `${url}/api/oncepaid/stripe/webhook`,
    enabled_events: subscribed(),
    api_version: API_VERSION,
  });
  const place = { database: database.url, appUrl: url, apiBase: child.url, webhookSecret: secret ?? "" };
  const oncepaid = open(place, refund);
  await oncepaid.push();

  const clock = async () => Number(Object(await sandbox.control("GET", "clock")).now);
  /** What the engine does by this machine's clock it does as on that day. */
  const asOf = async <T>(seconds: number, does: () => Promise<T>): Promise<T> => {
    vi.useFakeTimers({ now: seconds * 1000, toFake: ["Date"] });
    return does().finally(() => vi.useRealTimers());
  };
  const { database: engineDatabase } = engineIn(oncepaid);
  async function refund(orderId: string): Promise<void> {
    await oncepaid.refund(orderId, BY);
  }

  /** The page of a cart, which may be paid later. */
  const page = async (userId: string, productKey: PlanPolicy, cartId = `cart-${userId}`) => {
    const started = await oncepaid.checkout({
      cartId,
      productKey,
      userId,
      email: `${userId}@example.com`,
    });
    if (!started.ok) throw new Error(started.error);
    const [session] = (await sandbox.stripe.checkout.sessions.list({ limit: 1 })).data;
    return { orderId: started.orderId, sessionId: session?.id ?? "" };
  };
  const buy = async (userId: string, productKey: PlanPolicy): Promise<Owner> => {
    const { orderId, sessionId } = await page(userId, productKey);
    await sandbox.pay(sessionId);
    expect(await until(() => oncepaid.has(userId, productKey), PATIENCE_MS)).toBe(true);
    const { subscription, customer } = await sandbox.stripe.checkout.sessions.retrieve(sessionId);
    return {
      orderId,
      userId,
      productKey,
      subscription: String(subscription),
      customer: String(customer),
    };
  };
  /** The engine's clocks are this machine's; what is due by the sandbox's is made due, and looked at as on that day. */
  const work = async (): Promise<number> => {
    await sandbox.sent();
    await oncepaid.sweep();
    await sandbox.sent();
    const now = await clock();
    await engineDatabase.query(
      'update oncepaid."order" set recheck_at = now() where recheck_at <= to_timestamp($1::double precision)',
      [now],
    );
    await asOf(now, () => settleOpenOrders(engineIn(oncepaid)));
    return now;
  };

  return {
    oncepaid,
    sandbox,
    query: engineDatabase.query,
    clock,
    asOf,
    page,
    buy,
    work,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await oncepaid.close();
      await child.stop();
      await database.drop();
    },
  };
}
