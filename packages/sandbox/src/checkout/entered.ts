import type { Kinds } from "../wire.ts";

type Address = NonNullable<NonNullable<Kinds["checkout.session"]["customer_details"]>["address"]>;

/** What the buyer filled in. */
export interface Buyer {
  email: string | null;
  name: string | null;
  /** Where they are billed; without a country nothing is known of it. */
  address: Address;
  businessName?: string | null;
  individualName?: string | null;
  phone?: string | null;
  taxId?: { type: string; value: string } | null;
  shipping?: { name: string; address: Address } | null;
  termsAccepted?: boolean;
  wantsNews?: boolean;
  /** What was written into the shop's own fields, by their keys. */
  fields?: Record<string, string>;
}

/** The countries they entered, of which one decides the tax. */
export const enteredBy = ({ address, shipping }: Pick<Buyer, "address" | "shipping">) => ({
  billing: address.country,
  shipping: shipping?.address.country ?? null,
});
