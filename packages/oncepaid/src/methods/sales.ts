import { APP, type Caller } from "#/caller.ts";
import type { Product } from "#/catalog/product.ts";
import { type CheckoutInput, checkOut } from "#/checkout/check-out.ts";
import { embeddedCheckout, stripeScript } from "#/checkout/embedded.ts";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import type { Engine } from "#/engine.ts";
import { offers, type Showing } from "#/prices/offers.ts";

/** A purchase, from the offer to the page after it. */
export function saleMethods<P extends Product>(engine: Engine, products: readonly P[]) {
  return {
    /**
     * What is for sale, with prices as Stripe has them, in the currency asked for where they have one in it; named and described in
     * the language asked for, where the catalog has `translations`.
     *
     * @example
     * for (const { product, price } of await oncepaid.products({ currency: "eur", locale: "de" })) show(product.name, price?.unitAmount);
     */
    products: (showing: Showing = {}) => offers(engine, products, showing),
    /**
     * Makes or finds the order of a cart and the page it can be paid on. Safe to call again, any number of times at once.
     *
     * @example
     * const checkout = await oncepaid.checkout({ cartId, productKey: "pro", userId, email });
     * if (checkout.ok) redirect(checkout.url);
     */
    checkout: (input: CheckoutInput<P["key"]>) => checkOut(engine, input),
    /**
     * The order of the session a buyer came back with, by id or as `caller` knows them; while it is pending Stripe is asked.
     *
     * @example
     * const order = await oncepaid.returned(searchParams.session_id, userId);
     * if (order?.status === "FULFILLED") showThanks(order);
     */
    returned: (sessionId: string, buyer: string | Caller) =>
      viewReturnedOrder(
        engine,
        sessionId,
        typeof buyer === "string" ? { kind: "user", userId: buyer, email: null, isOperator: false } : buyer,
      ),
    /**
     * The open payment page of an order, to be shown within the app's own (`ui: "embedded_page"`).
     *
     * @example
     * const page = await oncepaid.embedded(orderId, { as: caller });
     * if (page?.state === "open") mountStripe(page.scriptUrl, page.publishableKey, page.clientSecret);
     */
    embedded: (orderId: string, { as = APP }: { as?: Caller } = {}) => embeddedCheckout(engine, orderId, as),
    /**
     * Where that page's script comes from, for a content security policy.
     *
     * @example
     * const policy = `script-src 'self' ${new URL(oncepaid.stripeScript()).origin}`;
     */
    stripeScript: () => stripeScript(engine),
  };
}
