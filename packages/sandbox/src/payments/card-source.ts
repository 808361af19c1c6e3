import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { noSuch } from "../api/errors.ts";
import type { Kinds, Wire } from "../wire.ts";
import { attach, cardFromToken } from "./method.ts";

export type CardSource = Wire<Stripe.Card>;
type Customer = Kinds["customer"];

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

export const isSource = (id: string) => id.startsWith("card_");

export function sourceAt(act: Act, customer: Customer, id = ""): Kinds["payment_method"] {
  const method = isSource(id) ? act.store.find("payment_method", id) : undefined;
  if (method?.customer !== customer.id) throw noSuch("source", id, "id", 404);
  return method;
}

/** Gives a customer the card behind a token. Their first one becomes the default. */
export function addSource(act: Act, customer: Customer, token: string, param: string): CardSource {
  const method = attach(act, cardFromToken(act, token, param, { source: true }), customer.id, null);
  const source = cardSourceOf(method);
  act.emit("customer.source.created", source);
  if (!customer.default_source) act.change(customer, { default_source: source.id }, "customer.updated");
  return source;
}

export function removeSource(act: Act, customer: Customer, id: string | undefined): object {
  const method = act.change(sourceAt(act, customer, id), { customer: null });
  act.emit("customer.source.deleted", cardSourceOf({ ...method, customer: customer.id }));
  if (customer.default_source === method.id) {
    const [next] = sourcesOf(act, customer.id);
    act.change(customer, { default_source: next?.id ?? null }, "customer.updated");
  }
  return { id: method.id, object: "card", deleted: true };
}

export function sourcesOf(act: Act, customer: string): CardSource[] {
  const theirs = { field: "customer", is: "=", value: customer } as const;
  const { data } = act.store.list("payment_method", [theirs], { limit: 100 });
  return data.filter(({ id }) => isSource(id)).map(cardSourceOf);
}
