import type { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import {
  address,
  amount,
  boolean,
  clearable,
  hash,
  ignored,
  list,
  metadata,
  notBuilt,
  oneOf,
  onlyOff,
  text,
  url,
} from "../api/params.ts";
import { stored } from "../api/stored.ts";
import { ADDRESS_TYPES, TRANSFERS } from "../payment-methods/bank-accounts.ts";
import { cardWishes, wishesOf } from "../payment-methods/card-options.ts";
import { wayOptions, waysOf } from "../payment-methods/way-options.ts";
import { NO_DETAILS, NO_REFERENCES } from "../payments/intent.ts";
import type { Kinds } from "../wire.ts";
import { lineItems } from "./amount-line-items.ts";

type Intent = Kinds["payment_intent"];

export const intentAt = (act: Act, id?: string): Kinds["payment_intent"] =>
  stored(act, "payment_intent", id, { param: "intent" });

export const shippingParams = () =>
  hash({
    address: address(),
    carrier: text().optional(),
    name: text(),
    phone: text().optional(),
    tracking_number: text().optional(),
  });

export const cardOptions = () =>
  hash({
    card: hash({
      capture_method: clearable(oneOf("manual")).optional(),
      cvc_token: notBuilt(),
      installments: onlyOff(),
      ...cardWishes,
      moto: notBuilt(),
      network: ignored("one_network"),
      request_three_d_secure: oneOf("any", "automatic", "challenge").optional(),
      setup_future_usage: clearable(oneOf("none", "off_session", "on_session")).optional(),
    }).optional(),
    customer_balance: hash({
      bank_transfer: hash({
        eu_bank_transfer: hash({ country: text(2) }).optional(),
        requested_address_types: list(oneOf(...ADDRESS_TYPES)).optional(),
        // The CLI's own fixture says it in these words.
        type: oneOf(...TRANSFERS, "jp_bank_account"),
      }).optional(),
      funding_type: oneOf("bank_transfer").optional(),
      setup_future_usage: oneOf("none").optional(),
    }).optional(),
    ...wayOptions,
  }).optional();

const sum = () => clearable(amount()).optional();

/** What the payment is made up of: cards of companies get better rates with it. */
export const amountDetails = () =>
  hash({
    discount_amount: sum(),
    enforce_arithmetic_validation: ignored("not_added_up"),
    line_items: lineItems(),
    shipping: clearable(
      hash({ amount: sum(), from_postal_code: text().optional(), to_postal_code: text().optional() }),
    ).optional(),
    tax: clearable(hash({ total_tax_amount: sum() })).optional(),
  });

export const paymentDetails = () =>
  hash({ customer_reference: text(25).optional(), order_reference: text(25).optional() });

type AmountDetails = NonNullable<Intent["amount_details"]>;

/** What was given of them is set, and an empty value takes it away. */
export function detailsOf(
  old: Pick<Intent, "amount_details" | "payment_details">,
  given: {
    amount_details?: z.output<ReturnType<typeof amountDetails>> | "" | undefined;
    payment_details?: z.output<ReturnType<typeof paymentDetails>> | "" | undefined;
  },
): Pick<Intent, "amount_details" | "payment_details"> {
  const { amount_details: sums, payment_details: references } = given;
  const { customer_reference = "", order_reference = "" } = references || {};
  return {
    amount_details: sums === undefined ? (old.amount_details ?? NO_DETAILS) : sumsOf(sums || {}),
    payment_details:
      references === undefined
        ? (old.payment_details ?? NO_REFERENCES)
        : { customer_reference: customer_reference || null, order_reference: order_reference || null },
  };
}

function sumsOf(given: z.output<ReturnType<typeof amountDetails>>): AmountDetails {
  const { discount_amount: discount, shipping, tax } = given;
  return {
    ...NO_DETAILS,
    ...(discount && { discount_amount: discount }),
    ...(shipping && {
      shipping: {
        amount: shipping.amount || null,
        from_postal_code: shipping.from_postal_code ?? null,
        to_postal_code: shipping.to_postal_code ?? null,
      },
    }),
    ...(tax && { tax: { total_tax_amount: tax.total_tax_amount || null } }),
  };
}

export const common = {
  description: text(1000).optional(),
  metadata: metadata().optional(),
  payment_method: text().optional(),
  payment_method_options: cardOptions(),
  receipt_email: text().optional(),
  setup_future_usage: oneOf("off_session", "on_session").optional(),
  shipping: clearable(shippingParams()).optional(),
  statement_descriptor: text(22).optional(),
  statement_descriptor_suffix: text(22).optional(),
  transfer_group: text().optional(),
};

/** What may pay, where it is said anew. */
export const typesAnew = {
  allowed_payment_method_types: list(text()).optional(),
  excluded_payment_method_types: list(text()).optional(),
};

export const confirming = {
  error_on_requires_action: boolean().optional(),
  mandate: ignored("no_mandates"),
  mandate_data: ignored("no_mandates"),
  off_session: boolean().optional(),
  return_url: url().optional(),
  use_stripe_sdk: ignored("browser_only"),
};

export function shippingOf(
  given: "" | z.output<ReturnType<typeof shippingParams>> | undefined,
): Intent["shipping"] {
  if (!given) return null;
  return {
    address: addressOf(given.address),
    carrier: given.carrier ?? null,
    name: given.name,
    phone: given.phone ?? null,
    tracking_number: given.tracking_number ?? null,
  };
}

/** What was said of cards, over what an intent says of them already. */
export function cardOptionsOf(
  old: Intent["payment_method_options"],
  given: z.output<ReturnType<typeof cardOptions>>,
): Intent["payment_method_options"] {
  const {
    capture_method: capture,
    request_three_d_secure: wish,
    setup_future_usage: usage,
  } = given?.card ?? {};
  const card = old?.card;
  const wishes = wishesOf(given?.card);
  const said = [capture, wish, usage].some((one) => one !== undefined) || Object.keys(wishes).length > 0;
  if (!card || !said) return old;
  const { capture_method: held, setup_future_usage: was, ...others } = card;
  const use = usage === undefined ? was : usage || undefined;
  const hold = capture === undefined ? held : capture || undefined;
  return {
    ...old,
    card: {
      ...others,
      ...wishes,
      request_three_d_secure: wish ?? card.request_three_d_secure,
      ...(hold !== undefined && { capture_method: hold }),
      ...(use !== undefined && { setup_future_usage: use }),
    },
  };
}

/** How the money of a bank transfer shall come. */
export function transferOf(given: z.output<ReturnType<typeof cardOptions>>) {
  const asked = given?.customer_balance;
  if (!asked) return undefined;
  const { bank_transfer: transfer, funding_type = null } = asked;
  const type = transfer?.type === "jp_bank_account" ? "jp_bank_transfer" : transfer?.type;
  return {
    ...(transfer && {
      bank_transfer: {
        ...(transfer.eu_bank_transfer && {
          eu_bank_transfer: { country: transfer.eu_bank_transfer.country },
        }),
        ...(transfer.requested_address_types && {
          requested_address_types: transfer.requested_address_types,
        }),
        type: type ?? null,
      },
    }),
    funding_type,
    setup_future_usage: "none" as const,
  };
}

/** All that was said of ways to pay, over what an intent says of them already. */
export function optionsOf(
  old: Intent["payment_method_options"],
  given: z.output<ReturnType<typeof cardOptions>>,
): Intent["payment_method_options"] {
  const options = waysOf(cardOptionsOf(old, given), given);
  const transfer = transferOf(given);
  return transfer ? { ...options, customer_balance: transfer } : options;
}
