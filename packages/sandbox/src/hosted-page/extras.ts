import { taxIdKindOf, writtenTaxId } from "../tax/tax-ids.ts";
import type { Kinds } from "../wire.ts";
import type { Language } from "./copy.ts";
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
type Words = Pick<Language, "tag" | "t">;

/** What this session's page asks for, beside a means of payment. */
export function extrasOf(session: Session, { tag, t }: Words): Extra[] {
  const field: Field = (given) => ({
    kind: "text",
    required: true,
    options: [],
    autocomplete: "off",
    initial: "",
    limits: null,
    missing: t("required"),
    half: false,
    ...given,
  });
  const phone = field({
    name: "phone",
    label: t("phone"),
    part: "contact",
    kind: "tel",
    autocomplete: "tel",
  });
  return [
    ...(session.phone_number_collection?.enabled ? [phone] : []),
    ...nameFields(field, session, t),
    ...(session.billing_address_collection === "required" ? addressFields(field, t, "billing") : []),
    ...shippingFields(field, session, { tag, t }),
    ...session.custom_fields.map((custom) => customField(field, custom, t)),
    ...taxIdFields(field, session, t),
    ...consentFields(field, session, t),
  ];
}

function nameFields(field: Field, { name_collection: names }: Session, t: Language["t"]): Extra[] {
  return (["business", "individual"] as const).flatMap((whose) => {
    const { enabled = false, optional = false } = names?.[whose] ?? {};
    if (!enabled) return [];
    const name = `${whose}Name` as const;
    const label = optional ? t("optional", { label: t(name) }) : t(name);
    const autocomplete = whose === "business" ? "organization" : "name";
    return [field({ name, label, part: "contact", required: !optional, autocomplete })];
  });
}

/** All of an address but its country, which decides about more than where something goes. */
function addressFields(field: Field, t: Language["t"], part: "billing" | "shipping"): Extra[] {
  const line = (name: string, label: string, autocomplete: string, more: Partial<Extra> = {}) =>
    field({ name: part + name, label, part, autocomplete: `${part} ${autocomplete}`, ...more });
  const optional = (label: string) => t("optional", { label });
  return [
    line("Line1", t("line1"), "address-line1"),
    line("Line2", optional(t("line2")), "address-line2", { required: false }),
    line("City", t("city"), "address-level2", { half: true }),
    line("PostalCode", t("postalCode"), "postal-code", { half: true }),
    line("State", optional(t("state")), "address-level1", { required: false }),
  ];
}

function shippingFields(field: Field, session: Session, { tag, t }: Words): Extra[] {
  const allowed = session.shipping_address_collection?.allowed_countries;
  if (!allowed) return [];
  const options = countries(tag)
    .filter(({ code }) => allowed.some((wanted) => wanted === code))
    .map(({ code, name }) => ({ value: code, label: name }));
  const listed = options.length > 0 ? options : allowed.map((code) => ({ value: code, label: code }));
  const name = { name: "shippingName", label: t("shippingName"), part: "shipping" as const };
  return [
    field({ ...name, autocomplete: "shipping name" }),
    ...addressFields(field, t, "shipping"),
    field({
      name: "shippingCountry",
      label: t("country"),
      part: "shipping",
      kind: "select",
      options: listed,
      initial: listed[0]?.value ?? "",
      autocomplete: "shipping country",
    }),
  ];
}

function customField(field: Field, custom: Session["custom_fields"][number], t: Language["t"]): Extra {
  const { dropdown, numeric, text, key } = custom;
  const limited = numeric ?? text;
  const label = custom.label.custom ?? key;
  return field({
    name: `custom_${key}`,
    label: custom.optional ? t("optional", { label }) : label,
    part: "shop",
    kind: dropdown ? "select" : "text",
    required: !custom.optional,
    options: dropdown ? [{ value: "", label: t("choose") }, ...dropdown.options] : [],
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

function taxIdFields(field: Field, session: Session, t: Language["t"]): Extra[] {
  if (!session.tax_id_collection?.enabled) return [];
  const required = session.tax_id_collection.required === "if_supported";
  return [
    field({
      name: "taxId",
      label: required ? t("taxId") : t("optional", { label: t("taxId") }),
      part: "billing",
      required: false,
      verdict: (value, { billingCountry = "" }) => taxIdVerdict(value, billingCountry, required, t),
    }),
  ];
}

function consentFields(field: Field, session: Session, t: Language["t"]): Extra[] {
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const { promotions, terms_of_service: terms } = session.consent_collection ?? {};
  const news = field({
    name: "promotions",
    label: t("news"),
    part: "consent",
    kind: "checkbox",
    required: false,
  });
  const agreed = field({
    name: "termsOfService",
    label: session.custom_text.terms_of_service_acceptance?.message ?? t("terms", { shop }),
    part: "consent",
    kind: "checkbox",
    missing: t("termsMissing"),
  });
  return [...(promotions === "auto" ? [news] : []), ...(terms === "required" ? [agreed] : [])];
}

function taxIdVerdict(value: string, country: string, required: boolean, t: Language["t"]): string | null {
  const kind = taxIdKindOf(country);
  if (value === "") return required && kind ? t("required") : null;
  if (!kind) return t("taxIdUnsupported");
  return kind.form.test(writtenTaxId(value)) ? null : t("taxIdInvalid", { example: kind.example });
}
