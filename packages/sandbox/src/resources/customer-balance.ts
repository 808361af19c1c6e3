import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint, type Ids } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { currency, hash, integer, metadata, text } from "../api/params.ts";
import { createdWithin, is, listRoute } from "../api/read-routes.ts";
import { enterBalance } from "../billing/balance-ledger.ts";
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
      const balance = customer.balance + params.amount;
      const changes = { balance, currency: customer.currency ?? params.currency };
      return enterBalance(act, act.change(customer, changes, "customer.updated"), {
        ...params,
        metadata: mergeMetadata(null, params.metadata),
        type: "adjustment",
      });
    },
  }),
  listRoute({
    kind: "customer_balance_transaction",
    path: "/v1/customers/:id/balance_transactions",
    by: { created: createdWithin(), invoice: is("invoice") },
    of: ofCustomer,
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id/balance_transactions/:transaction",
    params: hash({}),
    run: (act, _, ids) => entryAt(act, ids),
  }),
  endpoint({
    method: "POST",
    path: "/v1/customers/:id/balance_transactions/:transaction",
    params: hash({ description: text(350).optional(), metadata: metadata().optional() }),
    run(act, params, ids) {
      const entry = entryAt(act, ids);
      return act.change(entry, {
        description: cleared(params.description, entry.description),
        metadata: mergeMetadata(entry.metadata, params.metadata),
      });
    },
  }),
];

function entryAt(act: Act, { id, transaction = "" }: Ids) {
  const found = act.store.find("customer_balance_transaction", transaction);
  if (found?.customer === customerAt(act, id).id) return found;
  throw noSuch("customer balance transaction", transaction, "id", 404);
}
