import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { currency, hash, ignored, paging, range, text } from "../api/params.ts";

export const balanceTransactions = [
  endpoint({
    method: "GET",
    path: "/v1/balance_transactions",
    params: hash({
      ...paging,
      created: range().optional(),
      currency: currency().optional(),
      payout: ignored(),
      source: text().optional(),
      type: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "balance_transaction", "/v1/balance_transactions", params, [
        equals("currency", params.currency),
        equals("source", params.source),
        equals("type", params.type),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/balance_transactions/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      const transaction = act.store.find("balance_transaction", id);
      if (!transaction) throw noSuch("balance transaction", id, "id", 404);
      return transaction;
    },
  }),
];
