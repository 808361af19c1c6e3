import { taxIdKindOf, writtenTaxId } from "../tax/tax-ids.ts";
import type { Kinds } from "../wire.ts";
import { type Language, say } from "./copy.ts";
import { countries } from "./countries.ts";

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

type Field = (given: Partial<Extra> & Pick<Extra, "label" | "name" | "part">) => Extra;
type Words = Pick<Language, "tag" | "copy">;

/** What this session's page asks for, beside a means of payment. */
export function extrasOf(session: Session, { tag, copy }: Words): Extra[] {
  const field: Field = (given) => ({
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
  const phone = field({
    name: "phone",
    label: copy.phone,
    part: "contact",
    kind: "tel",
    autocomplete: "tel",
  });
  return [
    ...(session.phone_number_collection?.enabled ? [phone] : []),
    ...nameFields(field, session, copy),
    ...(session.billing_address_collection === "required" ? addressFields(field, copy, "billing") : []),
    ...shippingFields(field, session, { tag, copy }),
    ...session.custom_fields.map((custom) => customField(field, custom, copy)),
    ...taxIdFields(field, session, copy),
    ...consentFields(field, session, copy),
  ];
}

function nameFields(field: Field, { name_collection: names }: Session, copy: Language["copy"]): Extra[] {
  return (["business", "individual"] as const).flatMap((whose) => {
    const { enabled = false, optional = false } = names?.[whose] ?? {};
    if (!enabled) return [];
    const name = `${whose}Name` as const;
    const label = optional ? say(copy.optional, { label: copy[name] }) : copy[name];
    const autocomplete = whose === "business" ? "organization" : "name";
    return [field({ name, label, part: "contact", required: !optional, autocomplete })];
  });
}

/** All of an address but its country, which decides about more than where something goes. */
function addressFields(field: Field, copy: Language["copy"], part: "billing" | "shipping"): Extra[] {
  const line = (name: string, label: string, autocomplete: string, more: Partial<Extra> = {}) =>
    field({ name: part + name, label, part, autocomplete: `${part} ${autocomplete}`, ...more });
  const optional = (label: string) => say(copy.optional, { label });
  return [
    line("Line1", copy.line1, "address-line1"),
    line("Line2", optional(copy.line2), "address-line2", { required: false }),
    line("City", copy.city, "address-level2", { half: true }),
    line("PostalCode", copy.postalCode, "postal-code", { half: true }),
    line("State", optional(copy.state), "address-level1", { required: false }),
  ];
}

function shippingFields(field: Field, session: Session, { tag, copy }: Words): Extra[] {
  const allowed = session.shipping_address_collection?.allowed_countries;
  if (!allowed) return [];
  const options = countries(tag)
    .filter(({ code }) => allowed.some((wanted) => wanted === code))
    .map(({ code, name }) => ({ value: code, label: name }));
  const listed = options.length > 0 ? options : allowed.map((code) => ({ value: code, label: code }));
  const name = { name: "shippingName", label: copy.shippingName, part: "shipping" as const };
  return [
    field({ ...name, autocomplete: "shipping name" }),
    ...addressFields(field, copy, "shipping"),
    field({
      name: "shippingCountry",
      label: copy.country,
      part: "shipping",
      kind: "select",
      options: listed,
      initial: listed[0]?.value ?? "",
      autocomplete: "shipping country",
    }),
  ];
}

function customField(field: Field, custom: Session["custom_fields"][number], copy: Language["copy"]): Extra {
  const { dropdown, numeric, text, key } = custom;
  const limited = numeric ?? text;
  const label = custom.label.custom ?? key;
  return field({
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
  });
}

function taxIdFields(field: Field, session: Session, copy: Language["copy"]): Extra[] {
  if (!session.tax_id_collection?.enabled) return [];
  const required = session.tax_id_collection.required === "if_supported";
  return [
    field({
      name: "taxId",
      label: required ? copy.taxId : say(copy.optional, { label: copy.taxId }),
      part: "billing",
      required: false,
      verdict: (value, { billingCountry = "" }) => taxIdVerdict(value, billingCountry, required, copy),
    }),
  ];
}

function consentFields(field: Field, session: Session, copy: Language["copy"]): Extra[] {
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const { promotions, terms_of_service: terms } = session.consent_collection ?? {};
  const news = field({
    name: "promotions",
    label: copy.news,
    part: "consent",
    kind: "checkbox",
    required: false,
  });
  const agreed = field({
    name: "termsOfService",
    label: session.custom_text.terms_of_service_acceptance?.message ?? say(copy.terms, { shop }),
    part: "consent",
    kind: "checkbox",
    missing: copy.termsMissing,
  });
  return [...(promotions === "auto" ? [news] : []), ...(terms === "required" ? [agreed] : [])];
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
