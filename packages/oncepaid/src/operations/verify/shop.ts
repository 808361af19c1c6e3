import { setTimeout as pause } from "node:timers/promises";
import { type CheckoutInput, checkOut } from "#/checkout/check-out.ts";
import type { Engine } from "#/engine.ts";
import type { Words } from "#/operations/words.ts";

/** The shop as a buyer meets it over HTTP, and what is written down about the buyer's orders. */

/** A purchase that was begun: its order, its session and where the buyer pays. */
export type Purchase = { orderId: string; sessionId: string; url: string; visitor: Visitor };

/** A browser with its cookies. */
export type Visitor = { cookies: Map<string, string> };

export type Shop = {
  /** The origin of the running app. */
  url: string;
  /** Has the buyer pay, or asks a person to. An answer is why it could not be done. */
  pay: (purchase: Purchase, card: Card) => Promise<string | undefined>;
  /** How long an effect is waited for. */
  patienceMs: number;
  /** Who buys, where buyers need an account of the app's; a visitor does otherwise. */
  userId?: string | undefined;
  words: Words;
};

/** A test card: its number for a person, its name for a program. */
export type Card = { number: string; method: string };
export const CARD: Card = { number: "4242 4242 4242 4242", method: "pm_card_visa" };
export const CARD_DISPUTED: Card = { number: "4000 0000 0000 0259", method: "pm_card_createDispute" };

/** Whether somebody without an account may buy. Where not, a rehearsal needs a user of the app's. */
export function sellsToAnybody({ accounts }: Engine): boolean {
  return accounts.guests || accounts.newcomer !== undefined;
}

/**
 * A new visitor puts a product into a cart and goes to pay; where buyers need an account, the app itself does it for its user. Throws with the shop's own words when it can't be bought.
 */
export async function begin(engine: Engine, shop: Shop, productKey: string): Promise<Purchase> {
  const visitor: Visitor = { cookies: new Map() };
  const cartId = `verify-${crypto.randomUUID()}`;
  const { userId } = shop;
  const { url, orderId } =
    userId === undefined
      ? await overHttp(engine, shop, visitor, { cartId, productKey })
      : await byItself(engine, { cartId, productKey, userId });
  const { sessionId } = await orderRow(engine, shop.words, orderId);
  if (!sessionId) throw new Error(`Order ${orderId} has no session.`);
  return { orderId, sessionId, url, visitor };
}

async function byItself(engine: Engine, cart: CheckoutInput): Promise<{ url: string; orderId: string }> {
  const answer = await checkOut(engine, cart);
  if (answer.ok) return answer;
  throw new Error(`The checkout refused: ${answer.error}`);
}

async function overHttp(
  engine: Engine,
  shop: Shop,
  visitor: Visitor,
  cart: { cartId: string; productKey: string },
): Promise<{ url: string; orderId: string }> {
  const response = await visit(shop, visitor, `${shop.words.api}/checkout`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: engine.settings.appUrl },
    body: JSON.stringify(cart),
  });
  const answer: { url?: string; orderId?: string; error?: string } = await response.json();
  if (!answer.url || !answer.orderId)
    throw new Error(`The checkout answered ${response.status}: ${answer.error}`);
  return { url: answer.url, orderId: answer.orderId };
}

export async function visit(
  shop: Shop,
  { cookies }: Visitor,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
  const response = await fetch(shop.url + path, { ...init, headers }).catch(() => {
    throw new Error(`The app at ${shop.url} doesn't answer; start it, then run this again.`);
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    cookies.set(name, value);
  }
  return response;
}

export type OrderRow = {
  status: string;
  sessionId: string | null;
  paymentIntent: string | null;
  subscription: string | null;
  customer: string | null;
  /** Where its buyer comes back to after the payment. */
  returnUrl: string;
  amountRefunded: number;
  access: string[];
  log: string[];
};

export async function orderRow(engine: Engine, words: Words, orderId: string): Promise<OrderRow> {
  const { rows } = await engine.database.query<OrderRow>(
    `select status, stripe_checkout_session_id as "sessionId", stripe_payment_intent_id as "paymentIntent",
            stripe_subscription_id as subscription, stripe_customer_id as customer,
            amount_refunded as "amountRefunded",
            (select coalesce(a.parameters ->> 'success_url', a.parameters ->> 'return_url') from oncepaid.checkout_attempt a
              where a.order_id = o.id and a.attempt = o.attempt) as "returnUrl",
            (select coalesce(array_agg(state order by product_key), '{}') from oncepaid.entitlement where order_id = o.id) as access,
            (select coalesce(array_agg(event order by event), '{}') from oncepaid.fulfillment_log where order_id = o.id) as log
       from oncepaid."order" o where id = $1`,
    [orderId],
  );
  if (!rows[0])
    throw new Error(`There is no order ${orderId} in the database; is ${words.database} the app's own?`);
  return rows[0];
}

/** What became of an event about an order; null when it did not come. */
export async function eventOf(engine: Engine, orderId: string, type: string): Promise<string | null> {
  const { rows } = await engine.database.query<{ outcome: string }>(
    "select outcome from oncepaid.stripe_event where order_id = $1 and type = $2 order by received_at desc limit 1",
    [orderId, type],
  );
  return rows[0]?.outcome ?? null;
}

/** Between two looks. */
const LOOK_MS = 200;

/** Waits until something holds; false when it doesn't in time. */
export async function comesTrue(condition: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await pause(LOOK_MS)) {
    if (await condition()) return true;
  }
  return condition();
}
