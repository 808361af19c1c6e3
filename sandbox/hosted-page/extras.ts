import type { Buyer } from "../checkout/buyer.ts";
import { addressOf } from "../resources/address.ts";
import { taxIdKindOf, writtenTaxId } from "../tax/tax-ids.ts";
import type { Kinds } from "../wire.ts";
import { type Language, say } from "./copy.ts";
import { countries } from "./countries.ts";
import type { Problems } from "./form.ts";

type Session = Kinds["checkout.session"];

/** A field that the shop asked for. Its name is that of the input. */
export interface Extra {
  name: string;
  label: string;
  kind: "checkbox" | "select" | "tel" | "text";
  part: "billing" | "contact" | "consent" | "shipping" | "shop";
  required: boolean;
  options: { value: string; label: string }[];
  autocomplete: string;
  initial: string;
  limits: { minimum: number; maximum: number; numeric: boolean } | null;
  missing: string;
  /** Whether it shares its line with the next. */
  half: boolean;
  /** What is wrong with the value, given all others. */
  verdict?: (value: string, values: Record<string, string>) => string | null;
}

/** Whether the page asks where the buyer is billed, however they pay. */
export function asksAddress(session: Session): boolean {
  const { automatic_tax: tax, billing_address_collection: collection, tax_id_collection: ids } = session;
  return tax.enabled || collection === "required" || ids?.enabled === true;
}

/** What this session's page asks for, beside a means of payment. */
export function extrasOf(session: Session, { tag, copy }: Pick<Language, "tag" | "copy">): Extra[] {
  const field = (given: Partial<Extra> & Pick<Extra, "label" | "name" | "part">): Extra => ({
    kind: "text",
    required: true,
    options: [],
    autocomplete: "off",
    initial: "",
    limits: null,
    missing: copy.required,
    half: false,
    ...given,
  });
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const extras: Extra[] = [];
  if (session.phone_number_collection?.enabled) {
    extras.push(
      field({ name: "phone", label: copy.phone, part: "contact", kind: "tel", autocomplete: "tel" }),
    );
  }
  if (session.billing_address_collection === "required") {
    const part = "billing" as const;
    const optional = (label: string) => say(copy.optional, { label });
    extras.push(
      field({ name: "billingLine1", label: copy.line1, part, autocomplete: "billing address-line1" }),
      field({
        name: "billingLine2",
        label: optional(copy.line2),
        part,
        required: false,
        autocomplete: "billing address-line2",
      }),
      field({
        name: "billingCity",
        label: copy.city,
        part,
        half: true,
        autocomplete: "billing address-level2",
      }),
      field({
        name: "billingPostalCode",
        label: copy.postalCode,
        part,
        half: true,
        autocomplete: "billing postal-code",
      }),
      field({
        name: "billingState",
        label: optional(copy.state),
        part,
        required: false,
        autocomplete: "billing address-level1",
      }),
    );
  }
  const allowed = session.shipping_address_collection?.allowed_countries;
  if (allowed) {
    const options = countries(tag)
      .filter(({ code }) => allowed.some((wanted) => wanted === code))
      .map(({ code, name }) => ({ value: code, label: name }));
    const listed = options.length > 0 ? options : allowed.map((code) => ({ value: code, label: code }));
    const part = "shipping" as const;
    extras.push(
      field({ name: "shippingName", label: copy.shippingName, part, autocomplete: "shipping name" }),
      field({ name: "shippingLine1", label: copy.line1, part, autocomplete: "shipping address-line1" }),
      field({
        name: "shippingCity",
        label: copy.city,
        part,
        half: true,
        autocomplete: "shipping address-level2",
      }),
      field({
        name: "shippingPostalCode",
        label: copy.postalCode,
        part,
        half: true,
        autocomplete: "shipping postal-code",
      }),
      field({
        name: "shippingState",
        label: say(copy.optional, { label: copy.state }),
        part,
        required: false,
        autocomplete: "shipping address-level1",
      }),
      field({
        name: "shippingCountry",
        label: copy.country,
        part,
        kind: "select",
        options: listed,
        initial: listed[0]?.value ?? "",
        autocomplete: "shipping country",
      }),
    );
  }
  for (const custom of session.custom_fields) {
    const { dropdown, numeric, text, key } = custom;
    const limited = numeric ?? text;
    const label = custom.label.custom ?? key;
    extras.push(
      field({
        name: `custom_${key}`,
        label: custom.optional ? say(copy.optional, { label }) : label,
        part: "shop",
        kind: dropdown ? "select" : "text",
        required: !custom.optional,
        options: dropdown ? [{ value: "", label: copy.choose }, ...dropdown.options] : [],
        initial: dropdown?.default_value ?? limited?.default_value ?? "",
        limits: limited
          ? {
              minimum: limited.minimum_length ?? 0,
              maximum: limited.maximum_length ?? 255,
              numeric: numeric !== undefined,
            }
          : null,
      }),
    );
  }
  if (session.tax_id_collection?.enabled) {
    const required = session.tax_id_collection.required === "if_supported";
    extras.push(
      field({
        name: "taxId",
        label: required ? copy.taxId : say(copy.optional, { label: copy.taxId }),
        part: "billing",
        required: false,
        verdict: (value, { billingCountry = "" }) => taxIdVerdict(value, billingCountry, required, copy),
      }),
    );
  }
  const { promotions, terms_of_service: terms } = session.consent_collection ?? {};
  if (promotions === "auto") {
    extras.push(
      field({ name: "promotions", label: copy.news, part: "consent", kind: "checkbox", required: false }),
    );
  }
  if (terms === "required") {
    extras.push(
      field({
        name: "termsOfService",
        label: session.custom_text.terms_of_service_acceptance?.message ?? say(copy.terms, { shop }),
        part: "consent",
        kind: "checkbox",
        missing: copy.termsMissing,
      }),
    );
  }
  return extras;
}

/** Notes what is wrong with what was typed into them. */
export function checkExtras(
  extras: readonly Extra[],
  values: Record<string, string>,
  problems: Problems,
  copy: Language["copy"],
): void {
  for (const { name, required, limits, missing, options, verdict } of extras) {
    const value = values[name] ?? "";
    const wrong = verdict?.(value, values);
    if (wrong) problems[name] = wrong;
    else if (value === "") {
      if (required) problems[name] = missing;
    } else if (limits?.numeric && !/^\d+$/.test(value)) problems[name] = copy.digitsOnly;
    else if (limits && value.length < limits.minimum)
      problems[name] = say(copy.tooShort, { count: limits.minimum });
    else if (limits && value.length > limits.maximum)
      problems[name] = say(copy.tooLong, { count: limits.maximum });
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
    fields: Object.fromEntries(custom),
    phone: value("phone") ?? null,
    shipping: session.shipping_address_collection
      ? {
          name: values.shippingName ?? "",
          address: addressOf({
            city: value("shippingCity"),
            country: value("shippingCountry"),
            line1: value("shippingLine1"),
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

function taxIdVerdict(
  value: string,
  country: string,
  required: boolean,
  copy: Language["copy"],
): string | null {
  const kind = taxIdKindOf(country);
  if (value === "") return required && kind ? copy.required : null;
  if (!kind) return copy.taxIdUnsupported;
  return kind.form.test(writtenTaxId(value)) ? null : say(copy.taxIdInvalid, { example: kind.example });
}
