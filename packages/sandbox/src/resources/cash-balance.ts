import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { amount, currency, hash, list, oneOf, text } from "../api/params.ts";
import { listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cashBalanceOf, cashSettings, keepCashSettings } from "../balance/cash-balance.ts";
import { applyByHand, receiveTransfer } from "../payment-intents/bank-transfer.ts";
import { ADDRESS_TYPES, accountsFor, TRANSFERS, type Transfer } from "../payment-methods/bank-accounts.ts";
import { customerAt } from "./customers.ts";
import { ofCustomer } from "./of-customer.ts";

const FUNDING_COUNTRIES: Record<Transfer, string> = {
  eu_bank_transfer: "DE",
  gb_bank_transfer: "GB",
  jp_bank_transfer: "JP",
  mx_bank_transfer: "MX",
  us_bank_transfer: "US",
};

/** Money that customers send by bank transfer, and what becomes of it. */
export const cashBalance = [
  retrieveRoute("/v1/customers/:id/cash_balance", (act, id) => cashBalanceOf(act, customerAt(act, id).id)),
  endpoint({
    method: "POST",
    path: "/v1/customers/:id/cash_balance",
    params: cashSettings(),
    run(act, params, { id }) {
      const customer = customerAt(act, id);
      keepCashSettings(act, customer.id, params);
      return cashBalanceOf(act, customer.id);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/customers/:id/funding_instructions",
    params: hash({
      bank_transfer: hash({
        eu_bank_transfer: hash({ country: text(2) }).optional(),
        requested_address_types: list(oneOf(...ADDRESS_TYPES)).optional(),
        type: oneOf(...TRANSFERS),
      }),
      currency: currency(),
      funding_type: oneOf("bank_transfer"),
    }),
    run(act, { bank_transfer: transfer, currency: money }, { id }) {
      customerAt(act, id);
      const country = transfer.eu_bank_transfer?.country ?? FUNDING_COUNTRIES[transfer.type];
      return {
        object: "funding_instructions",
        bank_transfer: {
          country,
          financial_addresses: accountsFor(transfer.type, country, transfer.requested_address_types),
          type: transfer.type,
        },
        currency: money,
        funding_type: "bank_transfer",
        livemode: false,
      };
    },
  }),
  listRoute({
    kind: "customer_cash_balance_transaction",
    path: "/v1/customers/:id/cash_balance_transactions",
    of: ofCustomer,
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id/cash_balance_transactions/:transaction",
    params: hash({}),
    run(act, _, { id, transaction = "" }) {
      const found = act.store.find("customer_cash_balance_transaction", transaction);
      if (found?.customer === customerAt(act, id).id) return found;
      throw noSuch("customer cash balance transaction", transaction, "id", 404);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/test_helpers/customers/:id/fund_cash_balance",
    params: hash({ amount: amount(1), currency: currency(), reference: text().optional() }),
    run(act, params, { id }) {
      const to = { customer: customerAt(act, id).id, currency: params.currency };
      return receiveTransfer(act, to, params.amount, params.reference ?? null);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id/apply_customer_balance",
    params: hash({ amount: amount(1).optional(), currency: currency().optional() }),
    run(act, params, { id }) {
      const intent = stored(act, "payment_intent", id, { param: "intent" });
      return applyByHand(act, intent, params.amount);
    },
  }),
];
