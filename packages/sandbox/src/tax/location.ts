import { refused } from "../api/errors.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import type { Exemption } from "./compute.ts";
import { isCollected, isPlace } from "./places.ts";

type Customer = Kinds["customer"];

/** The country a customer is taxed in, as Stripe looks for it: shipping, then billing, then their payment method's. */
export function countryOf(store: Store, customer: Customer | undefined): string | null {
  const method = store.find("payment_method", customer?.invoice_settings.default_payment_method ?? "");
  return (
    customer?.shipping?.address?.country ||
    customer?.address?.country ||
    method?.billing_details.address?.country ||
    null
  );
}

export function exemptionOf(customer: Customer | undefined): Exemption {
  const exempt = customer?.tax_exempt;
  if (exempt === "exempt") return "exempt";
  return exempt === "reverse" ? "reverse" : "none";
}

/** What Stripe answers where automatic tax is wanted for somebody who could live anywhere. */
export const unknownLocation = () =>
  refused(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: "customer_tax_location_invalid" },
  );

const ADDRESS = "ip_address";

/** Stripe would look up where the address is; here it is kept and shown. */
export function keepAddress({ store }: { store: Store }, customer: string, given: string | undefined): void {
  if (given !== undefined) store.setNote(customer, ADDRESS, given);
}

/** A customer's `tax`, which `expand[]` shows. */
export function taxOf(store: Store, customer: Customer | undefined): Customer["tax"] {
  const country = countryOf(store, customer);
  const source = customer?.shipping?.address?.country
    ? "shipping_destination"
    : customer?.address?.country
      ? "billing_address"
      : "payment_method";
  const supported = country !== null && isPlace(country);
  return {
    automatic_tax: supported
      ? isCollected(country)
        ? "supported"
        : "not_collecting"
      : "unrecognized_location",
    ip_address: store.note(customer?.id ?? "", ADDRESS) || null,
    location: supported ? { country, source, state: null } : null,
    provider: "stripe",
  };
}
