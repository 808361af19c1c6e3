import { createHash } from "node:crypto";
import { type BookedDate, bookedDateText } from "#/checkout/booked-date.ts";
import type { CheckoutItem } from "#/checkout/request.ts";
import type { ReturnUrls } from "#/checkout/return-urls.ts";
import { renews } from "#/rules/kinds.ts";
import type { Branding } from "#/settings.ts";
import type { SessionParameters } from "#/stripe/sessions.ts";

export type Purchase = {
  orderId: string;
  cartId: string;
  userId: string;
  /** The shop's own id: others may use the same Stripe account. */
  shop?: string;
  items: readonly CheckoutItem[];
  /** It was asked for as a list, as a cart is. */
  fromCart?: boolean;
  email: string | undefined;
  /** The buyer's Stripe customer, once a first purchase made one. */
  customer: string | undefined;
  /** The slot it is for, if it is for one: who has only the session has to find it. */
  slotId: string | undefined;
  /** When and where that is. */
  date: BookedDate | undefined;
  /** The buyer's, a BCP 47 tag. */
  language: string;
  /** Unix seconds; set where an open session keeps something from other buyers. */
  expiresAt: number | undefined;
  /** Days before a plan's first payment; 0 means none. */
  trialDays: number;
  /** The currency the buyer was shown, if every price has it; else Stripe asks for the prices' own. */
  currency: string | undefined;
  /** A coupon or a promotion code that a server has chosen, by Stripe's id. */
  discount?: string | undefined;
  page: PaymentPage;
};

/** How the buyer is to see the payment page. */
export type PaymentPage = {
  /** On Stripe's own page, or in ours. */
  ui: "hosted_page" | "embedded_page";
  /** A locale of Stripe's page; `auto` follows the browser. */
  locale: NonNullable<SessionParameters["locale"]>;
  /** Pages of the caller's own in place of the app's (return-urls.ts). */
  returnUrls?: ReturnUrls;
};

/** What the settings ask of every payment page. */
export type PageSettings = {
  appUrl: string;
  /** Where buyers come back to, as paths below it. */
  pages: { success: string; cancel: string; cart?: string };
  automaticTax: boolean;
  taxIds: boolean;
  invoices: boolean;
  billingAddress: "auto" | "required";
  branding: Branding;
};

/** A plan renews, everything else is paid once; a cart with a plan in it is a subscription. */
export function modeOf(items: readonly CheckoutItem[]): "payment" | "subscription" {
  return items.some(({ product }) => renews(product)) ? "subscription" : "payment";
}

/**
 * The Checkout Session for a purchase. Metadata carries ids only. It is repeated on the payment intent or the
 * subscription, because Stripe doesn't copy it there and refunds and renewals are told about those.
 */
export function sessionParameters(
  purchase: Purchase,
  settings: PageSettings,
  priceOf: (item: CheckoutItem) => string,
): SessionParameters {
  const { orderId, cartId, userId, items, customer, email } = purchase;
  const mode = modeOf(items);
  const metadata = {
    order_id: orderId,
    cart_id: cartId,
    product_key: items.map(({ product }) => product.key).join(","),
    user_id: userId,
    ...(purchase.shop !== undefined && { shop: purchase.shop }),
    ...(purchase.slotId !== undefined && { slot_id: purchase.slotId }),
  };
  return {
    mode,
    line_items: items.map((item) => ({ price: priceOf(item), quantity: item.quantity })),
    ...(purchase.currency !== undefined && { currency: purchase.currency }),
    client_reference_id: orderId,
    metadata,
    ...(mode === "payment"
      ? {
          payment_intent_data: { metadata },
          ...(settings.invoices && { invoice_creation: { enabled: true, invoice_data: { metadata } } }),
        }
      : { subscription_data: { metadata, ...trial(purchase) } }),
    ...(customer ? { customer } : email ? { customer_email: email } : {}),
    ...returnUrls(purchase, settings),
    ...(purchase.expiresAt !== undefined && { expires_at: purchase.expiresAt }),
    ...discounts(purchase),
    ...taxes(settings, customer),
    ...look(settings.branding),
    ...(purchase.date !== undefined && {
      custom_text: { submit: { message: bookedDateText(purchase.date, purchase.language) } },
    }),
    locale: purchase.page.locale,
    // The answer then tells the unit amounts too, without a second call.
    expand: [
      "line_items",
      ...(purchase.currency === undefined ? [] : ["line_items.data.price.currency_options"]),
    ],
  };
}

/**
 * Buyers may type a code, unless a discount was chosen for them: Stripe takes one of both.
 * Source: docs.stripe.com/api/checkout/sessions/create, `discounts`.
 */
function discounts({ discount }: Purchase): SessionParameters {
  if (discount === undefined) return { allow_promotion_codes: true };
  return {
    discounts: [discount.startsWith("promo_") ? { promotion_code: discount } : { coupon: discount }],
  };
}

/** Without a card when it ends, nobody can be asked to pay: then the plan ends too. */
function trial({ trialDays }: Purchase): SessionParameters["subscription_data"] {
  if (trialDays === 0) return {};
  return {
    trial_period_days: trialDays,
    trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
  };
}

function returnUrls(
  { orderId, page, fromCart }: Purchase,
  { appUrl, pages }: PageSettings,
): SessionParameters {
  const success =
    page.returnUrls?.success ?? withQuery(`${appUrl}${pages.success}`, "session_id={CHECKOUT_SESSION_ID}");
  if (page.ui === "embedded_page") return { ui_mode: "embedded_page", return_url: success };
  const left = (fromCart && pages.cart) || pages.cancel;
  const cancel =
    page.returnUrls?.cancel ?? withQuery(`${appUrl}${left}`, `checkout=cancelled&order_id=${orderId}`);
  // oncepaid-review-ignore redirect-from-request: return-urls.ts takes only URLs of the app's own origin and of those it allows
  return { success_url: success, cancel_url: cancel };
}

function withQuery(url: string, query: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}

/**
 * A customer who is known already keeps what was typed here: Stripe refuses to compute tax from an address, or to take a
 * tax id for a name, that is not to be saved. Source: docs.stripe.com/api/checkout/sessions/create, `customer_update`.
 */
function taxes(settings: PageSettings, customer: string | undefined): SessionParameters {
  const { automaticTax, taxIds } = settings;
  const addressRequired = settings.billingAddress === "required";
  const update = {
    ...((automaticTax || addressRequired) && { address: "auto" as const }),
    ...(taxIds && { name: "auto" as const }),
  };
  return {
    ...(automaticTax && { automatic_tax: { enabled: true } }),
    ...(taxIds && { tax_id_collection: { enabled: true } }),
    ...(addressRequired && { billing_address_collection: "required" as const }),
    ...(customer && Object.keys(update).length > 0 && { customer_update: update }),
  };
}

function look({ displayName, backgroundColor, buttonColor, icon }: Branding): SessionParameters {
  const branding = {
    ...(displayName !== undefined && { display_name: displayName }),
    ...(backgroundColor !== undefined && { background_color: backgroundColor }),
    ...(buttonColor !== undefined && { button_color: buttonColor }),
    ...(icon !== undefined && { icon: { type: "url" as const, url: icon } }),
  };
  return Object.keys(branding).length > 0 ? { branding_settings: branding } : {};
}

/** Changes with the order, the attempt and anything that is sent; equal for a repetition of the same call. */
export function idempotencyKey(orderId: string, attempt: number, parameters: SessionParameters): string {
  const hash = createHash("sha256").update(JSON.stringify(parameters)).digest("hex").slice(0, 32);
  return `checkout:${orderId}:${attempt}:${hash}`;
}
