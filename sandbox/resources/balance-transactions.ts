import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { currency, hash, ignored, paging, range, text } from "../api/params.ts";
import type { Kinds } from "../wire.ts";

/** A booking becomes available by the mere passing of time. */
function asOf(act: Act, booking: Kinds["balance_transaction"]): Kinds["balance_transaction"] {
  return booking.available_on <= act.now ? { ...booking, status: "available" } : booking;
}

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
    run(act, params) {
      const page = listOf(act, "balance_transaction", "/v1/balance_transactions", params, [
        equals("currency", params.currency),
        equals("source", params.source),
        equals("type", params.type),
        ...within(params.created),
      ]);
      return { ...page, data: page.data.map((booking) => asOf(act, booking)) };
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/balance_transactions/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      const transaction = act.store.find("balance_transaction", id);
      if (!transaction) throw noSuch("balance transaction", id, "id", 404);
      return asOf(act, transaction);
    },
  }),
];
