import type { Act } from "../act.ts";
import { currency } from "../api/params.ts";
import { createdWithin, is, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import type { Kinds } from "../wire.ts";

/** A booking becomes available by the mere passing of time. */
function asOf(act: Act, booking: Kinds["balance_transaction"]): Kinds["balance_transaction"] {
  return booking.available_on <= act.now ? { ...booking, status: "available" } : booking;
}

function transactionAt(act: Act, id?: string): Kinds["balance_transaction"] {
  return asOf(act, stored(act, "balance_transaction", id, { as: "balance transaction" }));
}

export const balanceTransactions = [
  listRoute({
    kind: "balance_transaction",
    path: "/v1/balance_transactions",
    by: {
      created: createdWithin(),
      currency: is("currency", currency()),
      payout: leavesNothing(),
      source: is("source"),
      type: is("type"),
    },
    show: asOf,
  }),
  retrieveRoute("/v1/balance_transactions/:id", transactionAt),
];
