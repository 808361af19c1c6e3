import type Stripe from "stripe";
import type { Kinds, Wire } from "../wire.ts";

export type CardSource = Wire<Stripe.Card>;

/**
 * A card in the shape that came before payment methods. As with Stripe it is both: stored as a payment method whose id
 * begins with `card_`, and shown like this where a source is asked for.
 */
export function cardSourceOf({
  id,
  card,
  billing_details: billing,
  customer,
  metadata,
}: Kinds["payment_method"]): CardSource {
  const { address, name } = billing;
  return {
    id,
    object: "card",
    address_city: address?.city ?? null,
    address_country: address?.country ?? null,
    address_line1: address?.line1 ?? null,
    address_line1_check: card?.checks?.address_line1_check ?? null,
    address_line2: address?.line2 ?? null,
    address_state: address?.state ?? null,
    address_zip: address?.postal_code ?? null,
    address_zip_check: card?.checks?.address_postal_code_check ?? null,
    brand: BRANDS[card?.brand ?? ""] ?? "Unknown",
    country: card?.country ?? null,
    customer,
    cvc_check: card?.checks?.cvc_check ?? null,
    dynamic_last4: null,
    exp_month: card?.exp_month ?? 1,
    exp_year: card?.exp_year ?? 2000,
    fingerprint: card?.fingerprint ?? null,
    funding: card?.funding ?? "unknown",
    last4: card?.last4 ?? "",
    metadata,
    name,
    ...(card?.networks?.preferred && { networks: { preferred: card.networks.preferred } }),
    regulated_status: card?.regulated_status ?? null,
    tokenization_method: null,
  };
}

const BRANDS: Record<string, string> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "MasterCard",
  unionpay: "UnionPay",
  visa: "Visa",
};
