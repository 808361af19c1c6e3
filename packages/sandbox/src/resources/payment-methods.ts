import type { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import { address, hash, ignored, integer, metadata, notBuilt, oneOf, text } from "../api/params.ts";
import { is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import {
  attach,
  cardFromToken,
  createBankAccount,
  createCard,
  createCustomerBalance,
  createRedirect,
  isReadyMade,
  isRedirect,
  paymentMethodFor,
} from "../payment-methods/method.ts";
import { rawCard } from "../payment-methods/raw-card.ts";
import { isAccountNumber, isIban } from "../payment-methods/test-accounts.ts";
import type { Kinds } from "../wire.ts";
import { customerAt } from "./customers.ts";
import { ofCustomer } from "./of-customer.ts";

type PaymentMethod = Kinds["payment_method"];
type BillingDetails = PaymentMethod["billing_details"];

const NAMED = { as: "PaymentMethod", param: "payment_method" };

const methodAt = (act: Act, id?: string) => stored(act, "payment_method", id, NAMED);

/** One of the ready-made `pm_card_…` is a new method each time it is named, even where it is only looked at. */
const shownAt = (act: Act, id = "") =>
  isReadyMade(id) ? paymentMethodFor(act, id, "payment_method") : methodAt(act, id);

const billingDetails = () =>
  hash({
    address: address().optional(),
    email: text().optional(),
    name: text().optional(),
    phone: text().optional(),
    tax_id: text().optional(),
  });

function billingOf(
  given: z.output<ReturnType<typeof billingDetails>> | undefined,
  old?: BillingDetails,
): BillingDetails {
  return {
    address: given?.address ? addressOf(given.address) : (old?.address ?? addressOf({})),
    email: cleared(given?.email, old?.email ?? null),
    name: cleared(given?.name, old?.name ?? null),
    phone: cleared(given?.phone, old?.phone ?? null),
    tax_id: cleared(given?.tax_id, old?.tax_id ?? null),
  };
}

const holder = () => oneOf("company", "individual");
const accountType = () => oneOf("checking", "savings");

const cardParams = () =>
  hash({
    token: text().optional(),
    number: text().optional(),
    exp_month: integer({ min: 1, max: 12 }).optional(),
    exp_year: integer({ min: 0 }).optional(),
    cvc: ignored("never_stored"),
    networks: ignored("one_network"),
  });

export const methodParams = hash({
  allow_redisplay: oneOf("always", "limited", "unspecified").optional(),
  billing_details: billingDetails().optional(),
  card: cardParams().optional(),
  customer_balance: ignored("nothing_in_it"),
  ideal: hash({ bank: text(40).optional() }).optional(),
  metadata: metadata().optional(),
  radar_options: ignored("no_radar"),
  sepa_debit: hash({ iban: text() }).optional(),
  type: oneOf("card", "customer_balance", "ideal", "sepa_debit", "upi", "us_bank_account").optional(),
  upi: hash({ mandate_options: notBuilt() }).optional(),
  us_bank_account: hash({
    account_holder_type: holder().optional(),
    account_number: text(),
    account_type: accountType().optional(),
    routing_number: text().optional(),
  }).optional(),
});

function createFrom(act: Act, params: z.output<typeof methodParams>): PaymentMethod {
  const { type } = params;
  if (!type) throw missing("type");
  const other = (["card", "ideal", "sepa_debit", "upi", "us_bank_account"] as const).find(
    (name) => name !== type && params[name],
  );
  if (other) throw invalid(`\`${other}\` can't be passed with \`type\` set to \`${type}\`.`, other);
  const billing = billingOf(params.billing_details);
  if (params.type === "sepa_debit") {
    const iban = params.sepa_debit?.iban.replaceAll(" ", "").toUpperCase();
    if (!iban) throw missing("sepa_debit[iban]");
    if (!isIban(iban))
      throw invalid("The IBAN you provided is invalid.", "sepa_debit[iban]", "invalid_bank_account_iban");
    return createBankAccount(act, iban, billing);
  }
  if (params.type === "us_bank_account") {
    const account = params.us_bank_account?.account_number;
    if (!account) throw missing("us_bank_account[account_number]");
    if (!isAccountNumber(account)) {
      throw invalid("Invalid account number.", "us_bank_account[account_number]", "account_number_invalid");
    }
    return createBankAccount(act, account, billing);
  }
  if (isRedirect(type)) return createRedirect(act, type, billing, params.ideal?.bank);
  if (params.type === "customer_balance") return createCustomerBalance(act, billing);
  const { card } = params;
  if (!card) throw missing("card");
  if (card.number !== undefined) {
    const { number, card: known, expiry } = rawCard(act, card);
    return createCard(act, number, known, expiry, billing);
  }
  if (!card.token) throw missing("card[token]");
  return cardFromToken(act, card.token, "card[token]", { billing });
}

/** What can still be said of a card or an account once it is known. */
function detailsWith(
  { card, us_bank_account: account }: PaymentMethod,
  { card: ofCard, us_bank_account: ofAccount }: Details,
): Partial<PaymentMethod> {
  const { exp_month, exp_year } = ofCard ?? {};
  return {
    ...(card && {
      card: { ...card, exp_month: exp_month ?? card.exp_month, exp_year: exp_year ?? card.exp_year },
    }),
    ...(account && {
      us_bank_account: {
        ...account,
        account_holder_type: ofAccount?.account_holder_type ?? account.account_holder_type,
        account_type: ofAccount?.account_type ?? account.account_type,
      },
    }),
  };
}

interface Details {
  card?: { exp_month?: number | undefined; exp_year?: number | undefined } | undefined;
  us_bank_account?:
    | { account_holder_type?: string | undefined; account_type?: string | undefined }
    | undefined;
}

/** A new method, as its own route and `payment_method_data` make it. */
export function createMethod(act: Act, params: z.output<typeof methodParams>): PaymentMethod {
  const method = createFrom(act, params);
  return act.change(method, {
    allow_redisplay: params.allow_redisplay ?? "unspecified",
    ...detailsWith(method, params),
    metadata: mergeMetadata(null, params.metadata),
  });
}

export const paymentMethods = [
  endpoint({
    method: "POST",
    path: "/v1/payment_methods",
    creates: true,
    params: methodParams,
    run: createMethod,
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_methods/:id",
    params: hash({
      allow_redisplay: oneOf("always", "limited", "unspecified").optional(),
      billing_details: billingDetails().optional(),
      card: hash({
        exp_month: integer({ min: 1, max: 12 }).optional(),
        exp_year: integer({ min: 0 }).optional(),
        networks: ignored("one_network"),
      }).optional(),
      metadata: metadata().optional(),
      us_bank_account: hash({
        account_holder_type: holder().optional(),
        account_type: accountType().optional(),
      }).optional(),
    }),
    run(act, params, { id }) {
      const method = methodAt(act, id);
      const other = (["card", "us_bank_account"] as const).find(
        (name) => name !== method.type && params[name],
      );
      if (other) throw invalid(`This payment method is no \`${other}\`.`, other);
      if (method.customer === null) {
        throw invalid(
          "You must save this PaymentMethod to a customer before you can update it. To save a PaymentMethod to a customer, attach it or set it up with a SetupIntent.",
        );
      }
      return act.change(
        method,
        {
          allow_redisplay: params.allow_redisplay ?? method.allow_redisplay ?? "unspecified",
          billing_details: billingOf(params.billing_details, method.billing_details),
          ...detailsWith(method, params),
          metadata: mergeMetadata(method.metadata, params.metadata),
        },
        "payment_method.updated",
      );
    },
  }),
  listRoute({
    // Without a customer Stripe lists none of the methods that guests used.
    kind: "payment_method",
    path: "/v1/payment_methods",
    of: () => [{ field: "customer", is: "!=", value: null }],
    by: {
      allow_redisplay: is("allow_redisplay", oneOf("always", "limited", "unspecified")),
      customer: is("customer"),
      type: is("type"),
    },
  }),
  retrieveRoute("/v1/payment_methods/:id", shownAt),
  listRoute({
    kind: "payment_method",
    path: "/v1/customers/:id/payment_methods",
    by: {
      allow_redisplay: is("allow_redisplay", oneOf("always", "limited", "unspecified")),
      type: is("type"),
    },
    of: ofCustomer,
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id/payment_methods/:method",
    params: hash({}),
    run(act, _, { id, method: methodId }) {
      const method = methodAt(act, methodId);
      if (method.customer !== customerAt(act, id).id)
        throw noSuch("PaymentMethod", method.id, "payment_method", 404);
      return method;
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_methods/:id/attach",
    params: hash({ customer: text() }),
    run(act, params, { id = "" }) {
      const method = shownAt(act, id);
      if (!act.store.find("customer", params.customer)) throw noSuch("customer", params.customer, "customer");
      if (method.customer !== null && method.customer !== params.customer) {
        throw refused("The payment method you provided has already been attached to a customer.");
      }
      return attach(act, method, params.customer);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_methods/:id/detach",
    params: hash({}),
    run(act, _, { id }) {
      const method = methodAt(act, id);
      if (method.customer === null) {
        throw invalid(
          "The payment method you provided is not attached to a customer so detachment is impossible.",
        );
      }
      const owner = act.store.find("customer", method.customer);
      if (owner?.invoice_settings.default_payment_method === method.id) {
        act.change(
          owner,
          { invoice_settings: { ...owner.invoice_settings, default_payment_method: null } },
          "customer.updated",
        );
      }
      const detached = act.change(method, { customer: null });
      act.emit("payment_method.detached", detached, method);
      return detached;
    },
  }),
];
