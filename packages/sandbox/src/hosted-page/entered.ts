import { addressOf } from "../api/address.ts";
import type { Buyer } from "../checkout/entered.ts";
import { taxIdKindOf, writtenTaxId } from "../tax/tax-ids.ts";
import type { Kinds } from "../wire.ts";
import type { Language } from "./copy.ts";
import type { Extra } from "./extras.ts";

/** What is wrong, by the name of the input. */
export type Problems = Record<string, string>;

type Session = Kinds["checkout.session"];

/** Notes what is wrong with what was typed into them. */
export function checkExtras(
  extras: readonly Extra[],
  values: Record<string, string>,
  problems: Problems,
  t: Language["t"],
): void {
  for (const { name, required, limits, missing, options, verdict } of extras) {
    const value = values[name] ?? "";
    const wrong = verdict?.(value, values);
    if (wrong) problems[name] = wrong;
    else if (value === "") {
      if (required) problems[name] = missing;
    } else if (limits?.numeric && !/^\d+$/.test(value)) problems[name] = t("digitsOnly");
    else if (limits && value.length < limits.minimum)
      problems[name] = t("tooShort", { count: limits.minimum });
    else if (limits && value.length > limits.maximum)
      problems[name] = t("tooLong", { count: limits.maximum });
    else if (options.length > 0 && !options.some((option) => option.value === value))
      problems[name] = missing;
  }
}

/** The same, as the session will tell it. */
export function buyerExtras(
  session: Session,
  values: Record<string, string>,
): Partial<Buyer> & Pick<Buyer, "address"> {
  const value = (name: string) => values[name] || undefined;
  const taxId = value("taxId");
  const kind = taxIdKindOf(values.billingCountry ?? "");
  const custom = session.custom_fields.map(({ key }) => [key, values[`custom_${key}`] ?? ""]);
  return {
    address: billingOf(values),
    businessName: value("businessName") ?? null,
    individualName: value("individualName") ?? null,
    fields: Object.fromEntries(custom),
    phone: value("phone") ?? null,
    shipping: session.shipping_address_collection
      ? {
          name: values.shippingName ?? "",
          address: addressOf({
            city: value("shippingCity"),
            country: value("shippingCountry"),
            line1: value("shippingLine1"),
            line2: value("shippingLine2"),
            postal_code: value("shippingPostalCode"),
            state: value("shippingState"),
          }),
        }
      : null,
    taxId: taxId && kind ? { type: kind.type, value: writtenTaxId(taxId) } : null,
    termsAccepted: value("termsOfService") !== undefined,
    wantsNews: value("promotions") !== undefined,
  };
}

/** What was entered as the billing address: often no more than its country. */
export function billingOf(values: Record<string, string>) {
  const value = (part: string) => values[`billing${part}`] || undefined;
  return addressOf({
    city: value("City"),
    country: value("Country")?.slice(0, 2),
    line1: value("Line1"),
    line2: value("Line2"),
    postal_code: value("PostalCode"),
    state: value("State"),
  });
}
