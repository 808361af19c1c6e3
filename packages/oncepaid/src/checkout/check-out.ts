import type { Caller } from "#/caller.ts";
import { embeddedCheckout } from "#/checkout/embedded.ts";
import type { PaymentPage } from "#/checkout/parameters.ts";
import { parseCheckoutRequest } from "#/checkout/request.ts";
import { returnUrlsOf } from "#/checkout/return-urls.ts";
import { startCheckout } from "#/checkout/start.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure, type Issue } from "#/failure.ts";
import { stripeLocale } from "#/stripe/locales.ts";

/** What an app asks for on behalf of one of its users. Send either `productKey` or `items`. */
export type CheckoutInput<Key extends string = string> = {
  /** The buyer's id for this intention to buy, 8 to 200 characters: one cart leads to one paid order at most. */
  cartId: string;
  productKey?: Key;
  /** The name of one of the product's prices; the first where none is named. */
  price?: string;
  quantity?: number;
  items?: readonly { productKey: Key; quantity?: number; price?: string }[];
  /** The date of a booking. */
  slotId?: string;
  userId: string;
  /** Fills in the payment page. */
  email?: string;
  /** The language of the payment page and of what is written to the buyer. */
  locale?: string;
  /** ISO code in lower case, where the prices have amounts in it. */
  currency?: string;
  ui?: PaymentPage["ui"];
  /**
   * Pages in place of the app's own (`pages`), of the app's origin or one that `returnTo` allows. Stripe puts the session's id in
   * place of `{CHECKOUT_SESSION_ID}`, which `returned` takes.
   */
  successUrl?: string;
  cancelUrl?: string;
  /**
   * Takes something off: a coupon or a promotion code, by Stripe's id (`promo_…` is a code). Without it buyers may type a code of their own.
   * One that Stripe doesn't have, or that is over, fails as `invalid_request`.
   */
  discount?: string;
};

/** `clientSecret` mounts an embedded page; a hosted one is at `url`. */
export type CheckedOut = { ok: true; url: string; orderId: string; clientSecret?: string } | Failure;

const APP: Caller = { kind: "server" };

/** The checkout of one of the app's own users. */
export async function checkOut(engine: Engine, input: CheckoutInput): Promise<CheckedOut> {
  const { locale, currency, ...body } = input;
  const parsed = parseCheckoutRequest(engine.catalog, body);
  if (!parsed.ok) return invalid(parsed.issues);
  const { userId, ui = engine.settings.checkout.ui } = parsed.request;
  // Browsers leave it out, and are known by their session; a program names its buyer.
  if (userId === undefined) return invalid([{ path: "userId", message: "Send the userId as a text." }]);
  const returning = returnUrlsOf(engine, parsed.request);
  if (!returning.ok) return returning;
  const language = locale ?? engine.settings.locales[0] ?? "en";
  const started = await startCheckout(engine, parsed.request, {
    userId,
    email: parsed.request.email,
    currency: currency?.toLowerCase(),
    page: {
      ui,
      locale: locale === undefined ? "auto" : stripeLocale(language),
      returnUrls: returning.urls,
    },
    language,
  });
  if (!started.ok || ui !== "embedded_page") return started;
  const page = await embeddedCheckout(engine, started.orderId, APP);
  return page?.state === "open" ? { ...started, clientSecret: page.clientSecret } : started;
}

function invalid(issues: Issue[]): Failure {
  const [first] = issues;
  const sentence = first?.path ? `${first.path}: ${first.message}` : first?.message;
  return failure("invalid_request", sentence ?? "The request is invalid.", issues);
}
