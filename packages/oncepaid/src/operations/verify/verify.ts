import type { Engine } from "#/engine.ts";
import {
  begin,
  CARD,
  CARD_DISPUTED,
  type Card,
  comesTrue,
  eventOf,
  type OrderRow,
  orderRow,
  type Purchase,
  type Shop,
  visit,
} from "#/operations/verify/shop.ts";
import { currentPrices } from "#/prices/current.ts";
import { refundPayment } from "#/stripe/refunds.ts";
import { expireSession } from "#/stripe/sessions.ts";
import { cancelSubscription } from "#/stripe/subscriptions.ts";

/**
 * The go-live checklist (docs/go-live.md) as a program: buys, watches what the shop writes down, gives back, cancels. Each row
 * tells of one thing that has to hold, and where to look when it doesn't.
 */

export type Row = Seen & { step: string; orderId: string | null };

/** `detail`: what was seen, or what was missing and where to look. */
type Seen = { held: boolean; detail: string };
const held = (detail: string): Seen => ({ held: true, detail });
const missing = (detail: string): Seen => ({ held: false, detail });

/** Looks, and tells what was seen; whether it held. */
type Tell = (step: string, orderId: string | null, look: () => Promise<Seen>) => Promise<boolean>;

export async function verify(
  engine: Engine,
  shop: Shop,
  onRow: (row: Row) => void = () => {},
): Promise<Row[]> {
  const rows: Row[] = [];
  const tell: Tell = async (step, orderId, look) => {
    const seen = await look().catch((error: Error) => missing(error.message));
    const row = { step, orderId, ...seen };
    rows.push(row);
    onRow(row);
    return row.held;
  };
  const sells = (kind: "download" | "plan") =>
    engine.catalog.products.some((product) => product.kind === kind);
  if (sells("download")) {
    await payment(engine, shop, tell);
    await expiry(engine, shop, tell);
  }
  if (sells("plan")) await subscription(engine, shop, tell);
  if (sells("download")) await dispute(engine, shop, tell);
  return rows;
}

async function payment(engine: Engine, shop: Shop, tell: Tell): Promise<void> {
  const purchase = await buy(engine, shop, tell, "test payment", "download", CARD);
  if (!purchase) return;
  const { orderId } = purchase;
  await tell("webhook log", orderId, async () => {
    const type = "checkout.session.completed";
    const applied = async () => (await eventOf(engine, orderId, type)) === "applied";
    return (await comesTrue(applied, shop.patienceMs))
      ? held(`${type} was delivered and applied`)
      : missing(notDelivered(type, shop));
  });
  await tell("order row", orderId, () => fulfilled(engine, shop, purchase));
  await tell("success page, reloaded", orderId, () => reloaded(engine, shop, purchase));
  await tell("refund", orderId, async () => {
    const { paymentIntent } = await orderRow(engine, shop.words, orderId);
    if (!paymentIntent) return missing("There is no payment to give back: see the rows above.");
    const refunded = await refundPayment(
      engine.stripe,
      paymentIntent,
      { order_id: orderId },
      `verify:${orderId}`,
    );
    if (!refunded.ok) return missing(`Stripe refused the refund: ${refunded.reason}`);
    const is = ({ status, access }: OrderRow) => status === "REFUNDED" && all(access, "ended");
    return became(engine, shop, orderId, "charge.refunded", is, "REFUNDED, access ended");
  });
}

async function expiry(engine: Engine, shop: Shop, tell: Tell): Promise<void> {
  let orderId: string | null = null;
  const expired = async () => {
    const purchase = await begin(engine, shop, await forSale(engine, shop, "download"));
    orderId = purchase.orderId;
    const ended = await expireSession(engine.stripe, purchase.sessionId);
    if (!ended.ok) return missing(`Stripe refused to end the session: ${ended.reason}`);
    const is = ({ status, access }: OrderRow) => status === "CANCELED" && access.length === 0;
    return became(engine, shop, purchase.orderId, "checkout.session.expired", is, "CANCELED, no access");
  };
  const seen = await expired().catch((error: Error) => missing(error.message));
  await tell("session expired", orderId, async () => seen);
}

async function subscription(engine: Engine, shop: Shop, tell: Tell): Promise<void> {
  const purchase = await buy(engine, shop, tell, "subscription", "plan", CARD);
  if (!purchase) return;
  const { orderId } = purchase;
  await tell("subscription cancelled", orderId, async () => {
    const granted = await fulfilled(engine, shop, purchase);
    const { subscription: id } = await orderRow(engine, shop.words, orderId);
    if (!id) return granted;
    await cancelSubscription(engine.stripe, id);
    const is = ({ status, access }: OrderRow) => status === "CANCELED" && all(access, "ended");
    return became(engine, shop, orderId, "customer.subscription.deleted", is, "CANCELED, access ended");
  });
}

async function dispute(engine: Engine, shop: Shop, tell: Tell): Promise<void> {
  const purchase = await buy(engine, shop, tell, "payment that is disputed", "download", CARD_DISPUTED);
  if (!purchase) return;
  await tell("dispute", purchase.orderId, async () => {
    const granted = await fulfilled(engine, shop, purchase);
    if (!granted.held) return granted;
    const is = ({ access }: OrderRow) => all(access, "suspended");
    return became(engine, shop, purchase.orderId, "charge.dispute.created", is, "access rests");
  });
}

/** Buys a product of a kind and pays; undefined, and a row that says why, when that can't be done. */
async function buy(
  engine: Engine,
  shop: Shop,
  tell: Tell,
  step: string,
  kind: "download" | "plan",
  card: Card,
): Promise<Purchase | undefined> {
  let purchase: Purchase | undefined;
  const seen = await (async () => {
    purchase = await begin(engine, shop, await forSale(engine, shop, kind));
    const refused = await shop.pay(purchase, card);
    return refused === undefined ? held(`paid with ${card.number}`) : missing(refused);
  })().catch((error: Error) => missing(error.message));
  return (await tell(step, purchase?.orderId ?? null, async () => seen)) ? purchase : undefined;
}

/** The buyer comes back; should no delivery have come, that page asks Stripe itself. */
async function fulfilled(
  engine: Engine,
  shop: Shop,
  { orderId, sessionId, visitor }: Purchase,
): Promise<Seen> {
  await comesTrue(async () => {
    await visit(shop, visitor, `${shop.words.api}/orders?sessionId=${sessionId}`);
    return (await orderRow(engine, shop.words, orderId)).status === "FULFILLED";
  }, shop.patienceMs);
  const order = await orderRow(engine, shop.words, orderId);
  if (order.status !== "FULFILLED")
    return missing(`The order is ${order.status}, not FULFILLED: ${timeline(shop, orderId)}.`);
  const ids = [order.sessionId, order.paymentIntent ?? order.subscription].filter((id) => id !== null);
  if (ids.length < 2) return missing("The order lacks the id of its session, or of its payment.");
  return held(`FULFILLED, ${ids.map(short).join(", ")}`);
}

/** However often the buyer looks, what was granted was granted once. */
async function reloaded(
  engine: Engine,
  shop: Shop,
  { orderId, sessionId, visitor }: Purchase,
): Promise<Seen> {
  const { log: before, returnUrl } = await orderRow(engine, shop.words, orderId);
  const { pathname, search } = new URL(returnUrl.replace("{CHECKOUT_SESSION_ID}", sessionId));
  for (let times = 0; times < 3; times++) {
    const page = await visit(shop, visitor, pathname + search);
    // A page for signed-in buyers may turn a stranger away; it must not break.
    const answered = shop.userId === undefined ? page.ok : page.status < 500;
    if (!answered) return missing(`${pathname} answered ${page.status}: see the app's log.`);
  }
  const { log } = await orderRow(engine, shop.words, orderId);
  const grants = log.filter((event) => event === "checkout.fulfilled").length;
  if (grants !== 1)
    return missing(
      `The fulfillment log has ${grants} grants of this order, not one: ${timeline(shop, orderId)}.`,
    );
  if (log.length !== before.length)
    return missing(`Reloading added to the fulfillment log: ${timeline(shop, orderId)}.`);
  return held("opened three times, granted once");
}

/** What an event has to bring about. */
async function became(
  engine: Engine,
  shop: Shop,
  orderId: string,
  type: string,
  is: (order: OrderRow) => boolean,
  detail: string,
): Promise<Seen> {
  if (await comesTrue(async () => is(await orderRow(engine, shop.words, orderId)), shop.patienceMs))
    return held(detail);
  if ((await eventOf(engine, orderId, type)) === null) return missing(notDelivered(type, shop));
  const { status, access } = await orderRow(engine, shop.words, orderId);
  return missing(
    `${type} came, but the order is ${status}, access ${access.join() || "none"}: ${timeline(shop, orderId)}.`,
  );
}

function notDelivered(type: string, { patienceMs, words }: Shop): string {
  return (
    `${type} did not arrive within ${patienceMs / 1000} s: see its delivery in the dashboard, Developers → Webhooks; then ` +
    `${words.webhookSecret} and \`${words.doctor}\`.`
  );
}

function timeline({ words }: Shop, orderId: string): string {
  return `see its timeline, GET ${words.api}/admin/orders/${orderId}`;
}

function all(access: string[], state: string): boolean {
  return access.length > 0 && access.every((one) => one === state);
}

async function forSale(engine: Engine, { words }: Shop, kind: "download" | "plan"): Promise<string> {
  const current = await currentPrices(engine);
  const product = engine.catalog.products.find(
    (one) => one.kind === kind && current.firstOf(one).state === "found",
  );
  if (!product) throw new Error(`No ${kind} is for sale: set its price; \`${words.doctor}\` tells which.`);
  return product.key;
}

function short(id: string): string {
  return id.length > 24 ? `${id.slice(0, 20)}…` : id;
}
