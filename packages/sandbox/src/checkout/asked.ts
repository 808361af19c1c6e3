import type { z } from "zod";
import type { Act } from "../act.ts";
import { boolean, clearable, hash, integer, list, oneOf, text } from "../api/params.ts";
import { chosenRate, rateChoice } from "../shipping/choice.ts";
import { costIn } from "../shipping/rate.ts";
import type { Kinds } from "../wire.ts";

type Session = Kinds["checkout.session"];

/** What a shop may have the page ask for, beside a means of payment. */

const customField = () =>
  hash({
    dropdown: hash({
      default_value: text(100).optional(),
      options: list(hash({ label: text(100), value: text(100) }), { max: 200 }),
    }).optional(),
    key: text(200),
    label: hash({ custom: text(50), type: oneOf("custom") }),
    numeric: lengths().optional(),
    optional: boolean().optional(),
    text: lengths().optional(),
    type: oneOf("dropdown", "numeric", "text"),
  });

function lengths() {
  return hash({
    default_value: text(255).optional(),
    maximum_length: integer({ min: 1, max: 255 }).optional(),
    minimum_length: integer({ min: 1, max: 255 }).optional(),
  });
}

const message = () => clearable(hash({ message: text(1200) })).optional();

/** Where the shop adds nothing of its own to the page. */
export const NO_TEXT = {
  after_submit: null,
  shipping_address: null,
  submit: null,
  terms_of_service_acceptance: null,
};

export const askedParams = {
  consent_collection: hash({
    payment_method_reuse_agreement: hash({ position: oneOf("auto", "hidden") }).optional(),
    promotions: oneOf("auto", "none").optional(),
    terms_of_service: oneOf("none", "required").optional(),
  }).optional(),
  custom_fields: list(customField(), { max: 3 }).optional(),
  custom_text: hash({
    after_submit: message(),
    shipping_address: message(),
    submit: message(),
    terms_of_service_acceptance: message(),
  }).optional(),
  phone_number_collection: hash({ enabled: boolean() }).optional(),
  shipping_address_collection: hash({ allowed_countries: list(text(2)) }).optional(),
  shipping_options: list(rateChoice(), { max: 5 }).optional(),
  tax_id_collection: hash({
    enabled: boolean(),
    required: oneOf("if_supported", "never").optional(),
  }).optional(),
};

const asked = hash(askedParams);
type Asked = z.output<typeof asked>;

/** What a session shows of it, and the names of its ways to ship and whether taxes are in their price, by the rate's id. */
interface Shown {
  fields: Partial<Session>;
  shippingBehaviors: Record<string, string>;
  shippingNames: Record<string, string>;
}

/** The same, as a session shows it, and the names of its ways to ship. */
export function askedOf(act: Act, params: Asked, shopCurrency: string | null): Shown {
  const { consent_collection: consent, custom_text: texts, tax_id_collection: taxIds } = params;
  const shipping = shippingOf(act, params.shipping_options ?? [], shopCurrency);
  const said = (given: { message: string } | "" | undefined) => given || null;
  const fields: Partial<Session> = {
    consent_collection: consent
      ? {
          payment_method_reuse_agreement: consent.payment_method_reuse_agreement ?? null,
          promotions: consent.promotions ?? null,
          terms_of_service: consent.terms_of_service ?? null,
        }
      : null,
    custom_fields: (params.custom_fields ?? []).map(fieldOf),
    custom_text: {
      after_submit: said(texts?.after_submit),
      shipping_address: said(texts?.shipping_address),
      submit: said(texts?.submit),
      terms_of_service_acceptance: said(texts?.terms_of_service_acceptance),
    },
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    shipping_address_collection: params.shipping_address_collection ?? null,
    ...shipping.fields,
    ...(taxIds && { tax_id_collection: { enabled: taxIds.enabled, required: taxIds.required ?? "never" } }),
  };
  return { fields, shippingBehaviors: shipping.behaviors, shippingNames: shipping.names };
}

type Options = NonNullable<Asked["shipping_options"]>;

export function shippingOf(
  act: Act,
  given: Options,
  shopCurrency: string | null,
): {
  behaviors: Record<string, string>;
  fields: Pick<Session, "shipping_cost" | "shipping_options">;
  names: Record<string, string>;
} {
  const names: Record<string, string> = {};
  const behaviors: Record<string, string> = {};
  const shipping_options = given.map((option, place) => {
    const rate = chosenRate(act, option, {
      currency: shopCurrency,
      of: "Checkout Session",
      param: `shipping_options[${place}]`,
    });
    names[rate.id] = rate.display_name ?? "";
    if (rate.tax_behavior && rate.tax_behavior !== "unspecified") behaviors[rate.id] = rate.tax_behavior;
    return { shipping_amount: costIn(rate, shopCurrency) ?? 0, shipping_rate: rate.id };
  });
  const [first] = shipping_options;
  return {
    behaviors,
    names,
    fields: { shipping_cost: first ? shippingCost(first) : null, shipping_options },
  };
}

export function shippingCost(option: Session["shipping_options"][number]): Session["shipping_cost"] {
  const { shipping_amount: cost, shipping_rate } = option;
  return { amount_subtotal: cost, amount_tax: 0, amount_total: cost, shipping_rate };
}

type Given = NonNullable<Asked["custom_fields"]>[number];

function fieldOf(given: Given): Session["custom_fields"][number] {
  const { key, label, type, dropdown } = given;
  const limited = (limits: Given["text"]) => ({
    default_value: limits?.default_value ?? null,
    maximum_length: limits?.maximum_length ?? null,
    minimum_length: limits?.minimum_length ?? null,
    value: null,
  });
  return {
    key,
    label,
    optional: given.optional ?? false,
    type,
    ...(type === "dropdown" && {
      dropdown: {
        default_value: dropdown?.default_value ?? null,
        options: dropdown?.options ?? [],
        value: null,
      },
    }),
    ...(type === "numeric" && { numeric: limited(given.numeric) }),
    ...(type === "text" && { text: limited(given.text) }),
  };
}
