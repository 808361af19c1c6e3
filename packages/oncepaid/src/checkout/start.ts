import { setTimeout as pause } from "node:timers/promises";
import { attemptOf, type Buyer, type Cart } from "#/checkout/attempt.ts";
import { type Decision, decide, type Situation, UNAVAILABLE } from "#/checkout/decide.ts";
import { slotsFor, TOO_MUCH_HELD } from "#/checkout/hold.ts";
import { notForSale } from "#/checkout/not-for-sale.ts";
import { giveUp, openSession, type Started } from "#/checkout/open-session.ts";
import type { CheckoutRequest } from "#/checkout/request.ts";
import { settle, takeIn } from "#/checkout/settle.ts";
import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";
import { beginNextAttempt } from "#/orders/attempts.ts";
import { createOrder, newOrderId } from "#/orders/create.ts";
import { findOpenOrder, type OpenOrder } from "#/orders/find-open.ts";
import { heldTooMuch } from "#/orders/hold-limits.ts";
import { holdLease, leaseAttempt, markSeenOpen, releaseAttempt } from "#/orders/lease.ts";
import { shopIdOf } from "#/orders/shop-id.ts";
import { currentPrices } from "#/prices/current.ts";
import { expireSession, retrieveSession } from "#/stripe/sessions.ts";

/** How long a request waits for another one that is opening the same cart's session, and how often it looks. */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;
/** Since when a session's time is over for certain, by any clock: what was paid in its last second has been told. */
const OVER_MS = 5 * 60_000;

/** What a step came to; nothing means: look at the order again. */
type Step = Promise<Started | Failure | undefined>;

/**
 * Makes or finds the order of a cart, and makes or finds the one session it can be paid with: reads how the cart stands, decides,
 * does that, and looks again until there is an answer. Safe to call any number of times at once on any number of
 * machines, and to call again after a crash at any step: the order and the exact call to Stripe are stored before the call is made.
 */
export async function startCheckout(
  engine: Engine,
  request: CheckoutRequest,
  buyer: Buyer,
): Promise<Started | Failure> {
  const began = performance.now();
  while (performance.now() < began + PATIENCE_MS) {
    const { cart, situation } = await read(engine, request, buyer, began);
    const done = await carryOut(engine, cart, decide(situation));
    if (done) return done;
  }
  return UNAVAILABLE;
}

async function read(
  engine: Engine,
  request: CheckoutRequest,
  buyer: Buyer,
  began: number,
): Promise<{ cart: Cart; situation: Situation }> {
  const { userId, email } = buyer;
  // One after the other on one connection: what is the same for all buyers is known after the first request.
  const shop = await shopIdOf(engine);
  const current = await currentPrices(engine);
  const asked = { userId, email, cartId: request.cartId, livemode: isLive(engine) };
  const known = await findOpenOrder(engine, asked);
  const slots = await slotsFor(engine, request);
  const { order, plans, formerPlans } = known;
  const isElsewhere = engine.shared.customersElsewhere.has(known.customer ?? "");
  const customer = isElsewhere ? undefined : known.customer;
  const prices = Object.fromEntries(
    request.items.map(({ product, price }) => [product.key, current.of(product, price)]),
  );
  const cart = { request, buyer, shop, prices, customer, slots, formerPlans };
  const parametersOf = ({ id, current: { attempt } }: OpenOrder, slotId: string | null) =>
    attemptOf(engine, cart, { orderId: id, number: attempt + 1, slotId }).parameters;
  return {
    cart,
    situation: {
      request,
      prices,
      order,
      plans,
      slots,
      parametersOf,
      // By the database's clock, which all machines share.
      began: new Date(known.now.getTime() - (known.askedAt - began)),
      now: new Date(),
    },
  };
}

async function carryOut(engine: Engine, cart: Cart, decision: Decision): Step {
  switch (decision.do) {
    case "refuse":
      return decision.failure;
    case "not_for_sale":
      return notForSale(engine, decision.productKey, decision.price);
    case "create":
      return create(engine, cart, decision.slotId);
    case "answer_url":
      return { ok: true, url: decision.url, orderId: decision.order.id };
    case "look":
      return look(engine, decision);
    case "wait":
      await pause(POLL_MS);
      return undefined;
    case "repeat":
      return repeat(engine, decision.order);
    case "renew":
      return renew(engine, cart, decision);
  }
}

/** Somebody may be faster: with this cart, or with the last spot. Looking again tells which. */
async function create(engine: Engine, cart: Cart, slotId: string | null): Step {
  const { cartId } = cart.request;
  const { userId, email } = cart.buyer;
  const id = newOrderId();
  const first = attemptOf(engine, cart, { orderId: id, number: 1, slotId });
  const order = { id, cartId, userId, email, livemode: isLive(engine) };
  const created = await createOrder(engine, order, first);
  if (created === "created") return openSession(engine, id, 1, first);
  return created === "exists" || created === "no_spot" ? undefined : TOO_MUCH_HELD[created];
}

/** One read for all who ask at the same time: the others wait for the lease, and then find it seen. */
async function look(
  engine: Engine,
  { order: { id, current }, sessionId, url }: Extract<Decision, { do: "look" }>,
): Step {
  const { attempt } = current;
  if (!(await leaseAttempt(engine, id, current))) return undefined;
  const found = await holdLease(engine, id, attempt, () => retrieveSession(engine.stripe, sessionId));
  if (found.ok && found.session.status === "open") {
    await markSeenOpen(engine, id, attempt);
    return { ok: true, url, orderId: id };
  }
  await releaseAttempt(engine, id, attempt);
  if (found.ok) return (await takeIn(engine, id, found.session, "checkout")) ? undefined : UNAVAILABLE;
  engine.log.warn({ order: id, session: sessionId, reason: found.reason }, "session not read");
  if (!found.missing) return UNAVAILABLE;
  await giveUp(engine, id, attempt);
  return undefined;
}

async function repeat(engine: Engine, { id, current, items }: OpenOrder): Step {
  const leased = await leaseAttempt(engine, id, current);
  return leased ? openSession(engine, id, current.attempt, { ...current, items }) : undefined;
}

/** Ends what may still be open at Stripe, then opens the next attempt; whoever may not have that keeps what they have. */
async function renew(
  engine: Engine,
  cart: Cart,
  { order, expire, slotId }: Extract<Decision, { do: "renew" }>,
): Step {
  const previous = order.current.attempt;
  const next = attemptOf(engine, cart, { orderId: order.id, number: previous + 1, slotId });
  const refusal = await heldTooMuch(engine, {
    orderId: order.id,
    userId: cart.buyer.userId,
    hold: next.hold,
  });
  if (refusal) return TOO_MUCH_HELD[refusal];
  if (expire !== null) {
    if (!(await leaseAttempt(engine, order.id, order.current))) return undefined;
    const ended = await endSession(engine, order, expire);
    if (ended !== "ended") return ended === "finished" ? undefined : UNAVAILABLE;
  }
  const begun = await beginNextAttempt(engine, order.id, previous, next);
  // The last spot went to somebody else meanwhile, and what the order had is ended at Stripe already.
  if (begun !== "begun" && begun !== "moved_on") await giveUp(engine, order.id, previous);
  if (begun === "begun") return openSession(engine, order.id, previous + 1, next);
  return begun === "moved_on" || begun === "no_spot" ? undefined : TOO_MUCH_HELD[begun];
}

/**
 * `finished`: the buyer was faster, and what Stripe knows of that is taken in: the order itself has the answer. A session that the key's
 * account doesn't have may be open in another one, and nobody can end it there; once its time is over, nobody can pay it anywhere.
 */
async function endSession(
  engine: Engine,
  { id: orderId, current: { attempt, expiresAt } }: OpenOrder,
  sessionId: string,
): Promise<"ended" | "finished" | "unavailable"> {
  const expired = await holdLease(engine, orderId, attempt, () => expireSession(engine.stripe, sessionId));
  const isOver = expiresAt !== null && expiresAt.getTime() < Date.now() - OVER_MS;
  if (expired.ok || (expired.kind === "missing" && isOver)) return "ended";
  await releaseAttempt(engine, orderId, attempt);
  engine.log.warn({ order: orderId, session: sessionId, reason: expired.reason }, "session not expired");
  const finished = expired.kind === "complete" && (await settle(engine, orderId, sessionId)) === "changed";
  return finished ? "finished" : "unavailable";
}

function isLive({ settings }: Engine): boolean {
  return settings.stripe.mode === "live";
}
