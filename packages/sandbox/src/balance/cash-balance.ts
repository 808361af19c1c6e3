import type Stripe from "stripe";
import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { hash, oneOf } from "../api/params.ts";
import { longId } from "../ids.ts";
import type { Kinds, Wire } from "../wire.ts";

export type CashBalance = Wire<Stripe.CashBalance>;
type Transaction = Kinds["customer_cash_balance_transaction"];
type Mode = "automatic" | "manual";

/** Kept beside the customer: Stripe's cash balance has no id of its own. */
const NOTE = "cash_balance";

interface Kept {
  available: Record<string, number>;
  mode: Mode | null;
}

function keptOf(act: Act, customer: string): Kept {
  const note = act.store.note(customer, NOTE);
  return note === undefined ? { available: {}, mode: null } : JSON.parse(note);
}

/** The money that a customer has sent and that no payment has taken yet, by currency. */
export function cashBalanceOf(act: Act, customer: string): CashBalance {
  const { available, mode } = keptOf(act, customer);
  return {
    object: "cash_balance",
    available: Object.keys(available).length === 0 ? null : available,
    customer,
    customer_account: null,
    livemode: false,
    settings: { reconciliation_mode: mode ?? "automatic", using_merchant_default: mode === null },
  };
}

/** `null` goes back to the account's own way, which is automatic. */
function setMode(act: Act, customer: string, mode: Mode | null): CashBalance {
  act.store.setNote(customer, NOTE, JSON.stringify({ ...keptOf(act, customer), mode }));
  return cashBalanceOf(act, customer);
}

export function availableOf(act: Act, customer: string, currency: string): number {
  return keptOf(act, customer).available[currency] ?? 0;
}

/** Whether what customers send is taken by itself for what they owe. */
export const cashSettings = () =>
  hash({
    settings: hash({
      reconciliation_mode: oneOf("automatic", "manual", "merchant_default").optional(),
    }).optional(),
  });

/** Sets it, where it was said. */
export function keepCashSettings(
  act: Act,
  customer: string,
  given: z.output<ReturnType<typeof cashSettings>> | undefined,
): void {
  const mode = given?.settings?.reconciliation_mode;
  if (mode !== undefined) setMode(act, customer, mode === "merchant_default" ? null : mode);
}

/** Books money into the balance, or out of it with a negative amount; `why` says what it came from or went to. */
export function book(
  act: Act,
  to: { customer: string; currency: string },
  amount: number,
  why: Pick<Transaction, "type"> & Partial<Transaction>,
): Transaction {
  const { customer, currency } = to;
  const kept = keptOf(act, customer);
  const ending_balance = (kept.available[currency] ?? 0) + amount;
  if (ending_balance < 0) throw invalid("The customer's cash balance is too low for this.", "amount");
  const { [currency]: _, ...others } = kept.available;
  const available = ending_balance === 0 ? others : { ...others, [currency]: ending_balance };
  act.store.setNote(customer, NOTE, JSON.stringify({ ...kept, available }));
  return act.create<Transaction>(
    {
      id: longId("ccsbtxn"),
      object: "customer_cash_balance_transaction",
      created: act.now,
      currency,
      customer,
      customer_account: null,
      ending_balance,
      livemode: false,
      net_amount: amount,
      ...why,
    },
    "customer_cash_balance_transaction.created",
  );
}
