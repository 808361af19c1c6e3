import type { Candidate } from "#/bookings/choose.ts";
import { linesOf } from "#/checkout/decide.ts";
import { holdIn } from "#/checkout/hold.ts";
import { idempotencyKey, modeOf, type PaymentPage, sessionParameters } from "#/checkout/parameters.ts";
import type { CheckoutItem, CheckoutRequest } from "#/checkout/request.ts";
import type { Engine } from "#/engine.ts";
import type { NewAttempt } from "#/orders/attempts.ts";
import type { Hold } from "#/orders/holds.ts";
import type { Current } from "#/prices/current.ts";
import { commonCurrency } from "#/prices/offers.ts";

/** Who buys, and how they are to see the payment page and our mails. */
export type Buyer = {
  userId: string;
  /** Where a browser asks; `stranger` names its network while it has proven no address. */
  browser?: Hold["browser"];
  /** Where the buyer has proven to read mail; what the cart says otherwise. */
  email: string | undefined;
  /** What pages have shown prices in, where they have it; a server's buyers have seen none. */
  currency: string | undefined;
  page: PaymentPage;
  /** The language of our mails. */
  language: string;
};

/** A cart and its buyer, with what is known of both. */
export type Cart = {
  request: CheckoutRequest;
  buyer: Buyer;
  /** What the price of each of its products is now, by the product's key. */
  prices: Readonly<Record<string, Current>>;
  /** The shop's own id: others may use the same Stripe account. */
  shop: string;
  /** The buyer's Stripe customer, once a first purchase made one. */
  customer: string | undefined;
  /** The dates that its booking can be for. */
  slots: readonly Candidate[];
  /** Plans the buyer has, or had. */
  formerPlans: readonly string[];
};

/** The exact call to Stripe of an attempt that begins now, and what goes into the order with it. */
export function attemptOf(
  engine: Engine,
  cart: Cart,
  { orderId, number, slotId }: { orderId: string; number: number; slotId: string | null },
): NewAttempt {
  const { request, buyer, shop, prices, customer, slots, formerPlans } = cart;
  const { cartId, items, fromCart, discount } = request;
  const hold = slotId === null ? null : holdIn(slotId, items, buyer.browser);
  const lines = linesOf(items, prices);
  const priceOf = ({ product }: CheckoutItem) =>
    lines.find(({ productKey }) => productKey === product.key)?.stripePriceId ?? "";
  const { appUrl, pages, checkout } = engine.settings;
  const parameters = sessionParameters(
    {
      orderId,
      cartId,
      userId: buyer.userId,
      shop,
      items,
      fromCart,
      email: buyer.email,
      customer,
      slotId: hold?.slotId,
      date: slots.find(({ id }) => id === hold?.slotId),
      language: buyer.language,
      expiresAt: hold?.until,
      trialDays: trialDaysOf(items, formerPlans),
      currency: commonCurrency(engine, items.map(priceOf), buyer.currency),
      discount,
      page: buyer.page,
    },
    { appUrl, pages, ...checkout },
    priceOf,
  );
  return {
    locale: buyer.language,
    email: buyer.email,
    mode: modeOf(items),
    items: lines,
    hold,
    parameters,
    idempotencyKey: idempotencyKey(orderId, number, parameters),
  };
}

/** A plan's trial, unless this account or this address had the plan before. */
function trialDaysOf(items: readonly CheckoutItem[], formerPlans: readonly string[]): number {
  const days = items.map(({ product }) =>
    product.kind === "plan" && !formerPlans.includes(product.key) ? product.trialDays : 0,
  );
  return Math.max(...days);
}
