import type { Stripe, StripeConstructor } from "@stripe/stripe-js";

/**
 * Loads Stripe.js from where it has to come from: Stripe itself, or the local sandbox. It is never bundled.
 * Source: docs.stripe.com/js/including.
 */
export async function loadStripe(scriptUrl: string, publishableKey: string): Promise<Stripe> {
  return (window.Stripe ?? (await load(scriptUrl)))(publishableKey);
}

function load(scriptUrl: string): Promise<StripeConstructor> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = scriptUrl;
    script.onload = () =>
      window.Stripe ? resolve(window.Stripe) : reject(new Error("Stripe.js came without Stripe."));
    script.onerror = () => reject(new Error("Stripe.js wasn't loaded."));
    document.head.append(script);
  });
}
