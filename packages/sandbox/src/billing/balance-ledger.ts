import type { Act } from "../act.ts";
import { longId } from "../ids.ts";
import type { Kinds, Metadata } from "../wire.ts";

type Entry = Kinds["customer_balance_transaction"];

/** Writes down what changed a customer's balance: all their entries add up to it. A negative amount is their credit. */
export function enterBalance(
  act: Act,
  customer: Pick<Kinds["customer"], "id" | "balance">,
  given: {
    amount: number;
    currency: string;
    description?: string | undefined;
    invoice?: string;
    metadata?: Metadata;
    type: Entry["type"];
  },
): Entry {
  return act.create<Entry>({
    id: longId("cbtxn"),
    object: "customer_balance_transaction",
    amount: given.amount,
    checkout_session: null,
    created: act.now,
    credit_note: null,
    currency: given.currency,
    customer: customer.id,
    customer_account: null,
    description: given.description ?? null,
    ending_balance: customer.balance,
    invoice: given.invoice ?? null,
    livemode: false,
    metadata: given.metadata ?? {},
    type: given.type,
  });
}
