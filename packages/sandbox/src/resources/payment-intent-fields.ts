import type { z } from "zod";
import type { Act } from "../act.ts";
import {
  address,
  boolean,
  clearable,
  hash,
  ignored,
  metadata,
  notBuilt,
  oneOf,
  text,
  url,
} from "../api/params.ts";
import { stored } from "../api/stored.ts";
import { TRANSFERS } from "../payments/bank-accounts.ts";
import type { Kinds } from "../wire.ts";
import { addressOf } from "./address.ts";

type Intent = Kinds["payment_intent"];

export const intentAt = (act: Act, id?: string) => stored(act, "payment_intent", id, { param: "intent" });

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
      capture_method: notBuilt(),
      cvc_token: ignored(),
      installments: ignored(),
      mandate_options: ignored(),
      moto: ignored(),
      network: ignored(),
      request_three_d_secure: oneOf("any", "automatic", "challenge").optional(),
      setup_future_usage: notBuilt(),
    }).optional(),
    customer_balance: hash({
      bank_transfer: hash({
        eu_bank_transfer: hash({ country: text(2) }).optional(),
        requested_address_types: ignored(),
        // The CLI's own fixture says it in these words.
        type: oneOf(...TRANSFERS, "jp_bank_account"),
      }).optional(),
      funding_type: oneOf("bank_transfer").optional(),
      setup_future_usage: ignored(),
    }).optional(),
    sepa_debit: ignored(),
    us_bank_account: ignored(),
  }).optional();

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

export const confirming = {
  error_on_requires_action: boolean().optional(),
  mandate: ignored(),
  mandate_data: ignored(),
  off_session: boolean().optional(),
  return_url: url().optional(),
  use_stripe_sdk: ignored(),
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
        type: type ?? null,
      },
    }),
    funding_type,
    setup_future_usage: "none" as const,
  };
}
