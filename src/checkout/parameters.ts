import { createHash } from "node:crypto";
import type { CheckoutItem } from "#/checkout/request.ts";
import type { SessionParameters } from "#/stripe/sessions.ts";

export type Purchase = {
  orderId: string;
  cartId: string;
  userId: string;
  items: readonly CheckoutItem[];
  email: string | undefined;
  /** The buyer's Stripe customer, once a first purchase made one. */
  customer: string | undefined;
  /** The slot it is for, if it is for one: who has only the session has to find it. */
  slotId: string | undefined;
  /** Unix seconds; set where an open session keeps something from other buyers. */
  expiresAt: number | undefined;
  /** A locale of Stripe's page; `auto` follows the browser. */
  locale: "auto" | "en" | "hi-IN";
};

/** A plan renews, everything else is paid once; a cart with a plan in it is a subscription. */
export function modeOf(items: readonly CheckoutItem[]): "payment" | "subscription" {
  return items.some(({ product }) => product.kind === "plan") ? "subscription" : "payment";
}

/**
 * The Checkout Session for a purchase. Metadata carries ids only. It is repeated on the payment intent or the
 * subscription, because Stripe doesn't copy it there and refunds and renewals are told about those.
 */
export function sessionParameters(
  purchase: Purchase,
  appUrl: string,
  priceOf: (item: CheckoutItem) => string,
): SessionParameters {
  const { orderId, cartId, userId, items, customer, email } = purchase;
  const mode = modeOf(items);
  const metadata = {
    order_id: orderId,
    cart_id: cartId,
    product_key: items.map(({ product }) => product.key).join(","),
    user_id: userId,
    ...(purchase.slotId !== undefined && { slot_id: purchase.slotId }),
  };
  return {
    mode,
    line_items: items.map((item) => ({ price: priceOf(item), quantity: item.quantity })),
    client_reference_id: orderId,
    metadata,
    ...(mode === "payment" ? { payment_intent_data: { metadata } } : { subscription_data: { metadata } }),
    ...(customer ? { customer } : email ? { customer_email: email } : {}),
    success_url: `${appUrl}/checkout/success?session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${appUrl}/pricing?checkout=cancelled&order_id=${orderId}`,
    ...(purchase.expiresAt !== undefined && { expires_at: purchase.expiresAt }),
    allow_promotion_codes: true,
    locale: purchase.locale,
    // The answer then tells the unit amounts too, without a second call.
    expand: ["line_items"],
  };
}

/** Changes with the order, the attempt and anything that is sent; equal for a repetition of the same call. */
export function idempotencyKey(orderId: string, attempt: number, parameters: SessionParameters): string {
  const hash = createHash("sha256").update(JSON.stringify(parameters)).digest("hex").slice(0, 32);
  return `checkout:${orderId}:${attempt}:${hash}`;
}
