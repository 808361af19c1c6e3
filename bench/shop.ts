import { randomBytes } from "node:crypto";
import { type Rehearsal, startRehearsal } from "../shop/embedded/rehearsal.ts";
import { settingNames } from "../shop/src/config.ts";
import { type Post, postAll, quantile } from "./load.ts";
import { type StripeTimer, startStripeTimer } from "./stripe-timer.ts";

/** The app under measurement: as `npm start` runs it, with a database that waits for the disk and nothing else to do. */
export type BenchedShop = {
  url: string;
  databaseUrl: string;
  webhookSecret: string;
  stripe: StripeTimer;
  pids: Rehearsal["pids"];
  /** What another server sends. */
  headers: Record<string, string>;
  stop(): Promise<void>;
};

/** This process reads the same settings afterwards, so that it can do by itself what the app does. */
export async function startShop(
  giveUp: AbortSignal,
  more: Record<string, string> = {},
): Promise<BenchedShop> {
  const apiKey = randomBytes(32).toString("hex");
  let stripe: StripeTimer | undefined;
  const rehearsal = await startRehearsal({
    name: "bench",
    giveUp,
    durable: true,
    change: async (env) => {
      stripe = await startStripeTimer(env.STRIPE_API_BASE ?? "");
      return {
        ...env,
        API_KEYS: apiKey,
        STRIPE_API_BASE: stripe.url,
        // Jobs are written, as they are in every shop, and left alone.
        SMTP_URL: "smtp://127.0.0.1:1",
        WORKER: "off",
        ...more,
      };
    },
  });
  if (!stripe) throw new Error("The app was started without a Stripe.");
  for (const name of settingNames) delete process.env[name];
  Object.assign(process.env, rehearsal.env, { LOG_LEVEL: "silent" });
  const timer = stripe;
  return {
    url: rehearsal.url,
    databaseUrl: rehearsal.env.DATABASE_URL ?? "",
    webhookSecret: rehearsal.env.STRIPE_WEBHOOK_SECRET ?? "",
    stripe,
    pids: rehearsal.pids,
    headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
    stop: async () => {
      await rehearsal.stop();
      timer.close();
    },
  };
}

/** An order with an open session. `stem` is part of its cart's id, and of no other id here. */
export type OpenOrder = { orderId: string; sessionId: string; cartId: string; userId: string };

export async function openOrder(shop: BenchedShop, stem: string): Promise<OpenOrder> {
  const [cartId, userId] = [`cart-${stem}`, `buyer-${stem}`];
  const response = await fetch(`${shop.url}/api/checkout`, {
    method: "POST",
    headers: shop.headers,
    body: JSON.stringify({ cartId, userId, productKey: "ebook" }),
  });
  const { url, orderId }: { url?: string; orderId?: string } = await response.json();
  const sessionId = /cs_test_\w+/.exec(url ?? "")?.[0];
  if (!orderId || !sessionId) throw new Error(`A checkout was answered ${response.status}.`);
  return { orderId, sessionId, cartId, userId };
}

const ALONE = 200;

/** Milliseconds of a checkout that aren't Stripe's, one buyer at a time, and Stripe's calls per order. */
export async function measureCheckout(shop: BenchedShop): Promise<{ median: number; calls: number }> {
  await postAll(shop.url, checkouts(shop, "warm", ALONE), 1);
  const before = shop.stripe.calls();
  const ours: number[] = [];
  for (const post of checkouts(shop, "alone", ALONE)) {
    const taken = shop.stripe.taken();
    const { milliseconds } = await postAll(shop.url, [post], 1);
    ours.push((milliseconds[0] ?? 0) - (shop.stripe.taken() - taken));
  }
  return { median: quantile(ours, 0.5), calls: (shop.stripe.calls() - before) / ALONE };
}

const MANY = 3_000;
const BUYERS = 16;

/**
 * Checkouts per second beside a Stripe that answers at once, the middle of some rounds: the last thing that can be measured, for it
 * stays so. One round before them isn't counted: node goes on compiling what it runs for some thousand requests.
 */
export async function measureCheckouts(
  shop: BenchedShop,
  rounds: number,
): Promise<{ perSecond: number; calls: number }> {
  shop.stripe.answerAtOnce();
  await postAll(shop.url, checkouts(shop, "many-warm", MANY), BUYERS);
  const before = shop.stripe.calls();
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round++) {
    perSecond.push((await postAll(shop.url, checkouts(shop, `many${round}`, MANY), BUYERS)).perSecond);
  }
  return { perSecond: quantile(perSecond, 0.5), calls: (shop.stripe.calls() - before) / (rounds * MANY) };
}

function checkouts({ headers }: BenchedShop, stem: string, count: number): Post[] {
  return Array.from({ length: count }, (_, number) => ({
    path: "/api/checkout",
    headers,
    body: JSON.stringify({
      cartId: `cart-${stem}-${number}`,
      userId: `buyer-${stem}-${number}`,
      productKey: "ebook",
    }),
  }));
}
