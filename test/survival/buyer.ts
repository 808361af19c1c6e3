import { setTimeout as pause } from "node:timers/promises";
import type { Shop } from "./shop.ts";

/** What one buyer did, and got an answer of. */
export type Bought = { orderId: string; sessionId: string; did: "paid" | "refunded" | "left" };

/** Whatever was killed is back within seconds; who has no answer by then never gets one. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 100;
const SHORT_MS = 5_000;

/** The answer is right, and what is waited for hasn't happened. */
class NotYet extends Error {}

/** One person who buys, pays, and now and then leaves or wants the money back; tries each step again until it is answered. */
export async function buy(shop: Shop, number: number, slotId: string): Promise<Bought> {
  const cart = { cartId: `cart-survival-${number}`, userId: `buyer-${number}` };
  const what = number % 2 === 0 ? { productKey: "guide" } : { productKey: "workshop", slotId };
  const started = await insist(shop, `checkout of buyer ${number}`, () =>
    post(shop, "/checkout", { ...cart, ...what }),
  );
  const orderId = String(started.orderId);
  const sessionId = String(started.url).split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  if (number % 7 === 3) {
    await insist(shop, `end of session ${sessionId}`, () => leave(shop, sessionId));
    return { orderId, sessionId, did: "left" };
  }
  await insist(shop, `payment of ${sessionId}`, () => pay(shop, sessionId));
  await insist(shop, `purchase of ${sessionId}`, () => comeBack(shop, sessionId));
  if (number % 5 !== 2) return { orderId, sessionId, did: "paid" };
  await insist(shop, `refund of ${orderId}`, () =>
    post(shop, `/orders/${orderId}/refund`, {}, `refund-${orderId}`),
  );
  return { orderId, sessionId, did: "refunded" };
}

/** The sandbox keeps what it said it did, so a payment that got no answer is looked at before it is made again. */
async function pay(shop: Shop, sessionId: string): Promise<object> {
  const { stripe, pay: confirm } = shop.sandbox();
  const { status } = await stripe.checkout.sessions.retrieve(sessionId);
  if (status !== "complete") await confirm(sessionId);
  return {};
}

/** The page that a buyer comes back to asks until the access is there. */
async function comeBack(shop: Shop, sessionId: string): Promise<object> {
  const order = await ask(shop, "GET", `/orders?sessionId=${sessionId}`);
  if (order.status !== "FULFILLED") throw new NotYet(`The order is ${order.status}.`);
  return order;
}

async function leave(shop: Shop, sessionId: string): Promise<object> {
  const { stripe } = shop.sandbox();
  const { status } = await stripe.checkout.sessions.retrieve(sessionId);
  if (status !== "expired") await stripe.checkout.sessions.expire(sessionId);
  return {};
}

function post(shop: Shop, path: string, body: object, key?: string) {
  return ask(shop, "POST", path, { body: JSON.stringify(body), ...(key !== undefined && { key }) });
}

async function ask(
  shop: Shop,
  method: "GET" | "POST",
  path: string,
  { body, key }: { body?: string; key?: string } = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(shop.webUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${shop.apiKey}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(SHORT_MS),
  });
  const json: Record<string, unknown> = await response.json();
  if (response.status !== 200) throw new Error(`${response.status} ${json.code}: ${json.error}`);
  return json;
}

async function insist<T>(shop: Shop, what: string, step: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof NotYet)) shop.refused?.(what, error);
      if (Date.now() > deadline) throw new Error(`The ${what} was never answered.`, { cause: error });
      await pause(AGAIN_MS);
    }
  }
}
