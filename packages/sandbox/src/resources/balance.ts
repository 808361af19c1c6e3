import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { hash } from "../api/params.ts";
import type { Kinds, Wire } from "../wire.ts";

type Booking = Kinds["balance_transaction"];
type Sum = { amount: number; currency: string; source_types: { card: number } };

/** All that was booked, by currency. Some days after it came in money can be paid out; here nobody ever does. */
function balanceOf(act: Act): Wire<Stripe.Balance> {
  const rows = act.store.rows("SELECT body FROM object WHERE kind = 'balance_transaction' AND deleted = 0");
  const bookings: Booking[] = rows.map((row) => JSON.parse(String(row.body)));
  const due = (booking: Booking) => booking.available_on <= act.now;
  return {
    object: "balance",
    available: sums(bookings, due),
    livemode: false,
    pending: sums(bookings, (booking) => !due(booking)),
  };
}

function sums(bookings: readonly Booking[], counts: (booking: Booking) => boolean): Sum[] {
  const byCurrency = new Map<string, number>();
  for (const booking of bookings) {
    const net = counts(booking) ? booking.net : 0;
    byCurrency.set(booking.currency, (byCurrency.get(booking.currency) ?? 0) + net);
  }
  if (byCurrency.size === 0) byCurrency.set("usd", 0);
  return [...byCurrency].map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
}

export const balance = [
  endpoint({
    method: "GET",
    path: "/v1/balance",
    params: hash({}),
    run: (act) => balanceOf(act),
  }),
];
