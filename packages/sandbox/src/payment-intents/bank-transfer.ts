import type { Act } from "../act.ts";
import { invalid, missing, refused } from "../api/errors.ts";
import { availableOf, book, cashBalanceOf } from "../balance/cash-balance.ts";
import { settleByIntent } from "../billing/collect.ts";
import { accountsFor, TRANSFERS } from "../payment-methods/bank-accounts.ts";
import { announceCharge, chargeForTransfer } from "../payments/charge.ts";
import type { Kinds } from "../wire.ts";

type Intent = Kinds["payment_intent"];
type Method = Kinds["payment_method"];

/** Open transfers of one customer that are looked through; nobody has more. */
const MOST_OPEN = 1_000;

/**
 * Asks the customer to send money. What lies in their cash balance is taken first; for the rest they get instructions,
 * and the payment waits (`requires_action`) until the money has come. `created` is the intent as it was made, if it was
 * made for this.
 */
export function startTransfer(act: Act, intent: Intent, method: Method, created: Intent | null): Intent {
  const { customer, currency, amount } = intent;
  if (!customer) throw missing("customer");
  const options = intent.payment_method_options?.customer_balance;
  const manual = cashBalanceOf(act, customer).settings.reconciliation_mode === "manual";
  const taken = manual ? 0 : Math.min(amount, availableOf(act, customer, currency));
  if (taken < amount && options?.funding_type !== "bank_transfer") {
    throw missing("payment_method_options[customer_balance][funding_type]");
  }
  const waiting = act.change(intent, {
    next_action: instructions(act, intent, amount),
    payment_method: method.id,
    status: "requires_action",
  });
  if (created) act.emit("payment_intent.created", created);
  if (taken < amount) act.emit("payment_intent.requires_action", waiting);
  return taken > 0 ? apply(act, waiting, taken) : waiting;
}

/** Money arrives at the customer's own bank account with Stripe. Open payments take it, the oldest first. */
export function receiveTransfer(
  act: Act,
  to: { customer: string; currency: string },
  amount: number,
  reference: string | null,
): Kinds["customer_cash_balance_transaction"] {
  const waiting = openTransfers(act, to);
  const named = waiting.filter((intent) => referenceOf(intent) === reference);
  const type = typeOf(waiting[0]) ?? "us_bank_transfer";
  const funding = book(act, to, amount, {
    funded: { bank_transfer: { reference, type, ...senderOf(type) } },
    type: "funded",
  });
  if (cashBalanceOf(act, to.customer).settings.reconciliation_mode === "automatic") {
    for (const intent of named.length > 0 ? named : waiting) {
      const part = Math.min(remainingOf(intent), availableOf(act, to.customer, to.currency));
      if (part > 0) apply(act, intent, part);
    }
  }
  if (availableOf(act, to.customer, to.currency) > 0) {
    act.emit("cash_balance.funds_available", cashBalanceOf(act, to.customer));
  }
  return funding;
}

/** The customer sends what is missing, with the reference. False when the payment doesn't wait for it any more. */
export function sendRest(act: Act, known: Intent): boolean {
  const intent = act.store.find("payment_intent", known.id);
  if (!intent?.customer || !isOpenTransfer(intent)) return false;
  receiveTransfer(
    act,
    { customer: intent.customer, currency: intent.currency },
    remainingOf(intent),
    referenceOf(intent),
  );
  return true;
}

/** Takes money out of the balance for a payment by hand: `amount`, or as much as it still needs. */
export function applyByHand(act: Act, intent: Intent, amount: number | undefined): Intent {
  if (!isOpenTransfer(intent) || !intent.customer) {
    throw refused("Only a bank transfer that is waiting for its money can be paid from the cash balance.", {
      code: "payment_intent_unexpected_state",
      payment_intent: intent,
    });
  }
  const available = availableOf(act, intent.customer, intent.currency);
  const wanted = amount ?? Math.min(remainingOf(intent), available);
  if (wanted < 1 || wanted > remainingOf(intent) || wanted > available) {
    throw invalid("The amount is more than the payment needs, or than the cash balance holds.", "amount");
  }
  return apply(act, intent, wanted);
}

/** A transfer that is given up: what it had taken lies in the cash balance again. */
export function giveBackTransfer(act: Act, intent: Intent): void {
  const { customer, currency } = intent;
  const taken = isOpenTransfer(intent) ? intent.amount - remainingOf(intent) : 0;
  if (!customer || taken === 0) return;
  const unapplied_from_payment = { payment_intent: intent.id };
  book(act, { customer, currency }, taken, { type: "unapplied_from_payment", unapplied_from_payment });
  act.emit("cash_balance.funds_available", cashBalanceOf(act, customer));
}

function apply(act: Act, intent: Intent, amount: number): Intent {
  const { customer, currency } = intent;
  if (!customer) return intent;
  const applied_to_payment = { payment_intent: intent.id };
  book(act, { customer, currency }, -amount, { type: "applied_to_payment", applied_to_payment });
  const remaining = remainingOf(intent) - amount;
  if (remaining > 0) {
    const next_action = instructions(act, intent, remaining);
    return act.change(intent, { next_action }, "payment_intent.partially_funded");
  }
  const method = act.store.find("payment_method", intent.payment_method ?? "");
  if (!method) return intent;
  const charge = chargeForTransfer(act, intent, method);
  const paid = act.change(intent, {
    amount_received: intent.amount,
    latest_charge: charge.id,
    next_action: null,
    status: "succeeded",
  });
  announceCharge(act, charge);
  act.emit("payment_intent.succeeded", paid);
  settleByIntent(act, paid);
  return paid;
}

function openTransfers(act: Act, of: { customer: string; currency: string }): Intent[] {
  const theirs = { field: "customer", is: "=", value: of.customer } as const;
  return act.store
    .list("payment_intent", [theirs], { limit: MOST_OPEN })
    .data.filter((intent) => intent.currency === of.currency && isOpenTransfer(intent))
    .reverse();
}

export const isOpenTransfer = ({ next_action: next, status }: Intent) =>
  status === "requires_action" && next?.type === "display_bank_transfer_instructions";

const detailsOf = (intent: Intent) => intent.next_action?.display_bank_transfer_instructions;
const remainingOf = (intent: Intent) => detailsOf(intent)?.amount_remaining ?? 0;
const referenceOf = (intent: Intent) => detailsOf(intent)?.reference ?? null;
const typeOf = (intent: Intent | undefined) => intent && detailsOf(intent)?.type;

function instructions(act: Act, intent: Intent, remaining: number): NonNullable<Intent["next_action"]> {
  const transfer = intent.payment_method_options?.customer_balance?.bank_transfer;
  const type = TRANSFERS.find((one) => one === transfer?.type) ?? "us_bank_transfer";
  return {
    display_bank_transfer_instructions: {
      amount_remaining: remaining,
      currency: intent.currency,
      financial_addresses: accountsFor(
        type,
        transfer?.eu_bank_transfer?.country ?? "DE",
        transfer?.requested_address_types,
      ),
      hosted_instructions_url: `${act.origin}/c/transfer/${intent.id}`,
      reference: intent.id.slice(-12).toUpperCase(),
      type,
    },
    type: "display_bank_transfer_instructions",
  };
}

function senderOf(type: string) {
  const sender_name = "Sandbox sender";
  if (type === "eu_bank_transfer")
    return { eu_bank_transfer: { bic: null, iban_last4: "0000", sender_name } };
  if (type === "gb_bank_transfer") {
    return { gb_bank_transfer: { account_number_last4: "0000", sender_name, sort_code: "108800" } };
  }
  if (type === "jp_bank_transfer") {
    return { jp_bank_transfer: { sender_bank: null, sender_branch: null, sender_name } };
  }
  return type === "us_bank_transfer" ? { us_bank_transfer: { network: "ach" as const, sender_name } } : {};
}
