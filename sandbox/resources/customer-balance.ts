import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { currency, hash, integer, metadata, text } from "../api/params.ts";
import { listRoute } from "../api/read-routes.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { mergeMetadata } from "./changes.ts";
import { customerAt } from "./customers.ts";
import { ofCustomer } from "./of-customer.ts";

/** What a customer has in hand, or owes: a negative amount is their credit. */
export const customerBalance = [
  endpoint({
    method: "POST",
    path: "/v1/customers/:id/balance_transactions",
    creates: true,
    params: hash({
      amount: integer(),
      currency: currency(),
      description: text(350).optional(),
      metadata: metadata().optional(),
    }),
    run(act, params, { id }) {
      const customer = customerAt(act, id);
      const ending_balance = customer.balance + params.amount;
      act.change(
        customer,
        { balance: ending_balance, currency: customer.currency ?? params.currency },
        "customer.updated",
      );
      return act.create<Kinds["customer_balance_transaction"]>({
        id: longId("cbtxn"),
        object: "customer_balance_transaction",
        amount: params.amount,
        checkout_session: null,
        created: act.now,
        credit_note: null,
        currency: params.currency,
        customer: customer.id,
        customer_account: null,
        description: params.description ?? null,
        ending_balance,
        invoice: null,
        livemode: false,
        metadata: mergeMetadata(null, params.metadata),
        type: "adjustment",
      });
    },
  }),
  listRoute({
    kind: "customer_balance_transaction",
    path: "/v1/customers/:id/balance_transactions",
    of: ofCustomer,
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id/balance_transactions/:transaction",
    params: hash({}),
    run(act, _, { id, transaction = "" }) {
      const found = act.store.find("customer_balance_transaction", transaction);
      if (!found || found.customer !== customerAt(act, id).id) {
        throw noSuch("customer balance transaction", transaction, "id", 404);
      }
      return found;
    },
  }),
];
