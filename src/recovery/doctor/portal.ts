import { products } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { type Finding, fail, ok } from "#/recovery/doctor/finding.ts";
import { hasPortalConfiguration } from "#/stripe/inspect.ts";

/** Whoever buys a plan has to be able to change the card and to cancel. */
export async function checkPortal(): Promise<Finding[]> {
  const plans = products.filter(
    ({ kind, priceVariable }) => kind === "plan" && config().stripe.prices[priceVariable],
  );
  if (plans.length === 0) return [ok("No plan is sold, so none is needed.")];
  if (await hasPortalConfiguration()) return [ok("Configured.")];
  return [
    fail(
      "Plans are sold, but the customer portal has no configuration, so nobody can cancel or change a card.",
      "Dashboard → Settings → Billing → Customer portal → Save; Stripe makes that one the default.",
    ),
  ];
}
