import type { z } from "zod";
import { amount, clearable, hash, ignored, oneOf, onlyOff, text } from "../api/params.ts";
import { TRANSFERS } from "../payment-methods/bank-accounts.ts";
import type { Kinds } from "../wire.ts";

type OfInvoice = Kinds["invoice"]["payment_settings"]["payment_method_options"];
type OfSubscription = NonNullable<Kinds["subscription"]["payment_settings"]>["payment_method_options"];

const challenge = () => oneOf("any", "automatic", "challenge").optional();

const transfer = () =>
  clearable(
    hash({
      bank_transfer: hash({
        eu_bank_transfer: hash({ country: text(2) }).optional(),
        type: oneOf(...TRANSFERS).optional(),
      }).optional(),
      funding_type: oneOf("bank_transfer").optional(),
    }),
  ).optional();

const account = () =>
  clearable(
    hash({
      financial_connections: ignored("no_bank_login"),
      verification_method: oneOf("automatic", "instant", "microdeposits").optional(),
    }),
  ).optional();

/** How an invoice may be paid, by the way to pay. */
export const invoiceOptions = () =>
  hash({
    card: clearable(hash({ installments: onlyOff(), request_three_d_secure: challenge() })).optional(),
    customer_balance: transfer(),
    us_bank_account: account(),
  });

/** The same of all invoices of a subscription. */
export const subscriptionOptions = () =>
  hash({
    card: clearable(
      hash({
        mandate_options: hash({
          amount: amount().optional(),
          amount_type: oneOf("fixed", "maximum").optional(),
          description: text(200).optional(),
        }).optional(),
        network: text().optional(),
        request_three_d_secure: challenge(),
      }),
    ).optional(),
    customer_balance: transfer(),
    us_bank_account: account(),
  });

const NO_OPTIONS = {
  acss_debit: null,
  bancontact: null,
  card: null,
  customer_balance: null,
  konbini: null,
  payto: null,
  pix: null,
  sepa_debit: null,
  upi: null,
  us_bank_account: null,
};

type Given = z.output<ReturnType<typeof subscriptionOptions>>;

/** What was given, over what was said before; an empty value takes one away. */
export function invoiceOptionsOf(
  old: OfInvoice,
  given: "" | z.output<ReturnType<typeof invoiceOptions>> | undefined,
): OfInvoice {
  if (given === undefined) return old;
  if (given === "") return null;
  return {
    ...NO_OPTIONS,
    ...old,
    ...(given.card !== undefined && {
      card: given.card === "" ? null : { request_three_d_secure: given.card.request_three_d_secure ?? null },
    }),
    ...othersOf(given),
  };
}

export function subscriptionOptionsOf(old: OfSubscription, given: "" | Given | undefined): OfSubscription {
  if (given === undefined) return old;
  if (given === "") return null;
  return {
    ...NO_OPTIONS,
    ...old,
    ...(given.card !== undefined && { card: given.card === "" ? null : cardOf(given.card) }),
    ...othersOf(given),
  };
}

function cardOf(
  card: Exclude<NonNullable<Given["card"]>, "">,
): NonNullable<NonNullable<OfSubscription>["card"]> {
  const { mandate_options: mandate } = card;
  return {
    ...(mandate && {
      mandate_options: {
        amount: mandate.amount ?? null,
        amount_type: mandate.amount_type ?? null,
        description: mandate.description ?? null,
      },
    }),
    network: card.network ?? null,
    request_three_d_secure: card.request_three_d_secure ?? "automatic",
  };
}

function othersOf({
  customer_balance: balance,
  us_bank_account: bank,
}: Pick<Given, "customer_balance" | "us_bank_account">) {
  return {
    ...(balance !== undefined && { customer_balance: balance === "" ? null : balanceOf(balance) }),
    ...(bank !== undefined && {
      us_bank_account:
        bank === ""
          ? null
          : { ...(bank.verification_method && { verification_method: bank.verification_method }) },
    }),
  };
}

function balanceOf(given: Exclude<NonNullable<Given["customer_balance"]>, "">) {
  const { bank_transfer: way } = given;
  const { eu_bank_transfer, type = null } = way ?? {};
  return {
    ...(way && { bank_transfer: { ...(eu_bank_transfer && { eu_bank_transfer }), type } }),
    funding_type: given.funding_type ?? null,
  };
}

/** What an invoice of a subscription takes over. */
export function inheritedOptions(old: OfSubscription): OfInvoice {
  if (!old) return null;
  const { card } = old;
  return { ...old, card: card && { request_three_d_secure: card.request_three_d_secure }, pix: null };
}

/** What the payment of an invoice takes over. */
export function intentOptionsOf(options: OfInvoice): Kinds["payment_intent"]["payment_method_options"] {
  const { card, customer_balance: balance } = options ?? {};
  const wish = card?.request_three_d_secure ?? "automatic";
  return {
    card: { installments: null, mandate_options: null, network: null, request_three_d_secure: wish },
    ...(balance && { customer_balance: balance }),
  };
}
