import { setTimeout as pause } from "node:timers/promises";
import { decide, isPaid, isProcessing } from "#/checkout/decide.ts";
import { holdIn, slotFor } from "#/checkout/hold.ts";
import { idempotencyKey, modeOf, type PaymentPage, sessionParameters } from "#/checkout/parameters.ts";
import type { CheckoutItem, CheckoutRequest } from "#/checkout/request.ts";
import { settle } from "#/checkout/settle.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { applyChange } from "#/orders/apply.ts";
import {
  beginNextAttempt,
  createOrder,
  findOpenOrder,
  type NewAttempt,
  newOrderId,
  type OpenOrder,
  recordSession,
} from "#/orders/attempts.ts";
import { closeAttempt, holdLease, leaseAttempt, releaseAttempt } from "#/orders/lease.ts";
import { commonCurrency } from "#/prices/offers.ts";
import { NO_FACTS } from "#/rules/facts.ts";
import { createSession, expireSession, type SessionParameters } from "#/stripe/sessions.ts";

export type Started = { ok: true; url: string; orderId: string };

/** Who buys, and how they are to see the payment page and our mails. */
export type Buyer = {
  userId: string;
  /** Where the buyer has proven to read mail; what the cart says otherwise. */
  email: string | undefined;
  /** What pages have shown prices in, where they have it; a server's buyers have seen none. */
  currency: string | undefined;
  page: PaymentPage;
  /** The language of our mails. */
  language: string;
};

/** Milliseconds a request waits for another one that is opening the same cart's session. */
const PATIENCE = 30_000;
const POLL = 50;

const PAID = failure("already_paid", "This cart has been paid already; start a new one to buy again.");
const SUBSCRIBED = failure(
  "already_subscribed",
  "You have this plan already; change its seats instead of buying it twice.",
);
const PROCESSING = failure(
  "payment_processing",
  "A payment for this cart is on its way; nothing more is to be paid.",
);
const UNAVAILABLE = failure(
  "stripe_unavailable",
  "Stripe can't be reached or refused to open the payment page. Nothing was charged; it is safe to try again.",
);

/**
 * Makes or finds the order of a cart, and makes or finds the one session it can be paid with. Safe to call any
 * number of times at once on any number of machines, and to call again after a crash at any step: the order and the
 * exact call to Stripe are stored before the call is made.
 */
export async function startCheckout(
  engine: Engine,
  { cartId, items, slotId }: CheckoutRequest,
  { userId, email, currency, page, language }: Buyer,
): Promise<Started | Failure> {
  const livemode = engine.settings.stripe.mode === "live";
  const missing = items.find((item) => priceOf(engine, item) === undefined);
  if (missing)
    return failure("invalid_request", `The product ${missing.product.key} is not for sale right now.`);
  const wanted = items.map(({ product, quantity }) => ({ productKey: product.key, quantity }));
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    const { order, customer, plans, formerPlans } = await findOpenOrder(
      engine,
      { userId, email, cartId },
      livemode,
    );
    if (order && isPaid(order)) return PAID;
    if (wanted.some(({ productKey }) => plans.includes(productKey))) return SUBSCRIBED;
    if (order && isProcessing(order)) return PROCESSING;
    const slot = await slotFor(engine, items, slotId, order);
    if (slot && !slot.ok) return slot;
    const attempt = (orderId: string, number: number): NewAttempt => {
      const hold = slot ? holdIn(slot.slotId, items) : null;
      const trialDays = trialDaysOf(items, formerPlans);
      const purchase = { orderId, cartId, userId, items, email, customer, trialDays, page };
      const { appUrl, checkout } = engine.settings;
      const parameters = sessionParameters(
        {
          ...purchase,
          slotId: hold?.slotId,
          expiresAt: hold?.until,
          currency: commonCurrency(
            engine,
            items.map((item) => priceOf(engine, item)),
            currency,
          ),
        },
        { appUrl, ...checkout },
        (item) => priceOf(engine, item) ?? "",
      );
      return {
        locale: language,
        mode: modeOf(items),
        items: wanted,
        hold,
        parameters,
        idempotencyKey: idempotencyKey(orderId, number, parameters),
      };
    };
    if (!order) {
      if (slot?.soldOut) return slot.soldOut;
      const id = newOrderId();
      const first = attempt(id, 1);
      // Somebody was faster: with this cart, or with the last place. Looking again tells which.
      if ((await createOrder(engine, { id, cartId, userId, email, livemode }, first)) !== "created") continue;
      const started = await openSession(engine, id, 1, first);
      if (started) return started;
      continue;
    }
    const decision = decide(order, { items: wanted, slotId: slot?.slotId ?? null }, new Date());
    switch (decision.do) {
      case "answer_url":
        return { ok: true, url: decision.url, orderId: order.id };
      case "wait":
        await pause(POLL);
        continue;
      case "repeat": {
        if (!(await leaseAttempt(engine, order.id, order.current.attempt))) continue;
        const started = await openSession(engine, order.id, order.current.attempt, order.current);
        if (started) return started;
        continue;
      }
      case "renew": {
        // Before anything is ended: the buyer keeps what they have when there is nothing else to be had.
        if (slot?.soldOut) return slot.soldOut;
        const started = await renew(engine, order, decision.expire, attempt);
        if (started) return started;
      }
    }
  }
  return UNAVAILABLE;
}

/** Ends what may still be open at Stripe, then opens the next attempt. Nothing means: look at the order again. */
async function renew(
  engine: Engine,
  order: OpenOrder,
  expire: string | null,
  attempt: (orderId: string, number: number) => NewAttempt,
): Promise<Started | Failure | undefined> {
  const previous = order.current.attempt;
  if (expire !== null) {
    if (!(await leaseAttempt(engine, order.id, previous))) return undefined;
    const expired = await holdLease(engine, order.id, previous, () => expireSession(engine.stripe, expire));
    if (!expired.ok) {
      await releaseAttempt(engine, order.id, previous);
      engine.log.warn({ order: order.id, session: expire, reason: expired.reason }, "session not expired");
      // The buyer finished it: take in what Stripe knows, then the order itself has the answer.
      if (expired.kind === "complete" && (await settle(engine, order.id, expire))) return undefined;
      return UNAVAILABLE;
    }
  }
  const next = attempt(order.id, previous + 1);
  const begun = await beginNextAttempt(engine, order.id, previous, next);
  // The last place went to somebody else meanwhile, and what the order had is ended at Stripe already.
  if (begun === "no_spot") await giveUp(engine, order.id, previous);
  return begun === "begun" ? openSession(engine, order.id, previous + 1, next) : undefined;
}

/** An attempt nobody can pay holds nothing: its end is applied like any other news of the order. */
async function giveUp(engine: Engine, orderId: string, attempt: number): Promise<void> {
  await closeAttempt(engine, orderId, attempt);
  await applyChange(engine, { orderId, facts: NO_FACTS, waits: false, actor: "checkout", event: null });
}

/** Makes the call an attempt stored, under the lease the caller has. Nothing means: look at the order again. */
async function openSession(
  engine: Engine,
  orderId: string,
  attempt: number,
  call: { parameters: SessionParameters; idempotencyKey: string },
): Promise<Started | Failure | undefined> {
  const created = await holdLease(engine, orderId, attempt, () =>
    createSession(engine.stripe, call.parameters, call.idempotencyKey),
  );
  if (!created.ok) {
    engine.log.warn(
      { order: orderId, attempt, kind: created.kind, reason: created.reason },
      "session not created",
    );
    await (created.kind === "refused"
      ? giveUp(engine, orderId, attempt)
      : releaseAttempt(engine, orderId, attempt));
    return UNAVAILABLE;
  }
  const { session } = created;
  // An embedded session has no page of Stripe's: ours shows it.
  const url = session.url ?? `${engine.settings.appUrl}/checkout/pay/${orderId}`;
  const recorded = await recordSession(
    engine,
    orderId,
    attempt,
    { ...session, url },
    unitAmounts(engine, session.unitAmounts),
  );
  if (recorded === "taken") {
    engine.log.error(
      { order: orderId, attempt, session: session.id },
      "Stripe answered with another order's session",
    );
    await giveUp(engine, orderId, attempt);
    return UNAVAILABLE;
  }
  if (recorded === "superseded") {
    // The attempt ended while Stripe answered: nobody has seen this session, and nobody shall pay it.
    await expireSession(engine.stripe, session.id);
    return undefined;
  }
  // A replayed answer can be a day old: a session that has ended since then is renewed, not handed out.
  return session.expiresAt * 1000 > Date.now() ? { ok: true, url, orderId } : undefined;
}

/** A plan's trial, unless this account or this address had the plan before. */
function trialDaysOf(items: readonly CheckoutItem[], formerPlans: readonly string[]): number {
  const days = items.map(({ product }) =>
    product.kind === "plan" && !formerPlans.includes(product.key) ? product.trialDays : 0,
  );
  return Math.max(...days);
}

function priceOf(engine: Engine, { product }: CheckoutItem): string | undefined {
  return engine.settings.stripe.prices[product.priceVariable];
}

function unitAmounts(engine: Engine, byPrice: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    engine.catalog.products.flatMap(({ key, priceVariable }) => {
      const amount = byPrice[engine.settings.stripe.prices[priceVariable] ?? ""];
      return amount === undefined ? [] : [[key, amount]];
    }),
  );
}
