import type { Line } from "#/catalog/cart.ts";
import { firstPrice } from "#/catalog/catalog.ts";
import { UNAVAILABLE } from "#/checkout/decide.ts";
import { notForSale } from "#/checkout/not-for-sale.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { applyChange } from "#/orders/apply.ts";
import { whyCustomerNotAtStripe } from "#/orders/at-stripe.ts";
import { forgetCustomer } from "#/orders/customers.ts";
import { closeAttempt, holdLease, releaseAttempt } from "#/orders/lease.ts";
import { recordSession } from "#/orders/record-session.ts";
import { currentPrices, forgetLookups } from "#/prices/current.ts";
import { NO_FACTS } from "#/rules/facts.ts";
import {
  createSession,
  expireSession,
  type OpenedSession,
  type SessionParameters,
} from "#/stripe/sessions.ts";

export type Started = { ok: true; url: string; orderId: string };

const MAX_REMEMBERED_CUSTOMERS = 10_000;

const NO_DISCOUNT = failure(
  "invalid_request",
  "discount: Stripe has no such coupon or promotion code, or it can't be used for this.",
  [
    {
      path: "discount",
      message: "Stripe has no such coupon or promotion code, or it can't be used for this.",
    },
  ],
);

/** What is called, and what it is for. */
type Call = { parameters: SessionParameters; idempotencyKey: string; items: readonly Line[] };

/** Makes the call an attempt stored, under the lease the caller has. Nothing means: look at the order again. */
export async function openSession(
  engine: Engine,
  orderId: string,
  attempt: number,
  call: Call,
): Promise<Started | Failure | undefined> {
  const created = await holdLease(engine, orderId, attempt, () =>
    createSession(engine.stripe, call.parameters, call.idempotencyKey),
  );
  if (created.ok) return handOut(engine, orderId, attempt, created.session, call.items);
  const { kind, reason } = created;
  engine.log.warn({ order: orderId, attempt, kind, reason }, "session not created");
  if (kind === "unavailable") {
    await releaseAttempt(engine, orderId, attempt);
    return UNAVAILABLE;
  }
  if (kind === "no_customer" && call.parameters.customer) {
    await goWithout(engine, call.parameters.customer);
    await giveUp(engine, orderId, attempt);
    return undefined;
  }
  await giveUp(engine, orderId, attempt);
  if (kind === "no_discount") return NO_DISCOUNT;
  return created.kind === "no_price" ? withoutPrice(engine, call, created.price) : UNAVAILABLE;
}

/** Of a deleted customer for good; of one that another account has only as long as this process has the key. */
async function goWithout(engine: Engine, customer: string): Promise<void> {
  const reason = await whyCustomerNotAtStripe(engine, customer);
  if (reason === undefined) return forgetCustomer(engine, customer);
  engine.log.warn({ customer, reason }, "sold to as a new customer");
  const { customersElsewhere } = engine.shared;
  if (customersElsewhere.size >= MAX_REMEMBERED_CUSTOMERS) customersElsewhere.clear();
  customersElsewhere.add(customer);
}

/** A price that was replaced a moment ago is refused too: the one that is sold now takes its place, if there is another. */
async function withoutPrice(
  engine: Engine,
  { items }: Call,
  price: string | undefined,
): Promise<Failure | undefined> {
  forgetLookups(engine);
  const current = await currentPrices(engine);
  const refused = items.find(({ stripePriceId }) => stripePriceId === price) ?? items[0];
  const product = engine.catalog.find(refused?.productKey ?? "");
  const name = refused?.price ?? (product ? firstPrice(product) : "");
  const now = product && current.of(product, name);
  if (now?.state === "found" && now.id !== price) return undefined;
  return notForSale(engine, product?.key ?? refused?.productKey ?? "", name);
}

/** An attempt nobody can pay holds nothing: its end is applied like any other news of the order. */
export async function giveUp(
  engine: Engine,
  orderId: string,
  attempt: number,
  actor = "checkout",
): Promise<void> {
  await closeAttempt(engine, orderId, attempt);
  await applyChange(engine, { orderId, facts: NO_FACTS, waits: false, actor, event: null });
}

/** Keeps the session with its attempt; only what is kept is handed out. */
async function handOut(
  engine: Engine,
  orderId: string,
  attempt: number,
  session: OpenedSession,
  items: readonly Line[],
): Promise<Started | Failure | undefined> {
  // An embedded session has no page of Stripe's: ours shows it.
  const url = session.url ?? `${engine.settings.appUrl}/checkout/pay/${orderId}`;
  const amounts = unitAmounts(items, session.unitAmounts);
  const recorded = await recordSession(engine, orderId, attempt, { ...session, url }, amounts);
  if (recorded === "taken") {
    const what = { order: orderId, attempt, session: session.id };
    engine.log.error(what, "Stripe answered with another order's session");
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

/** By product; Stripe tells them by price. */
function unitAmounts(items: readonly Line[], byPrice: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    items.flatMap(({ productKey, stripePriceId }) => {
      const amount = byPrice[stripePriceId ?? ""];
      return amount === undefined ? [] : [[productKey, amount]];
    }),
  );
}
