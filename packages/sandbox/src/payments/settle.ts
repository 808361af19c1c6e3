import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { recordBalance } from "../balance/balance.ts";
import { openDispute } from "../disputes/opening.ts";
import { accountFateOf } from "../payment-methods/method.ts";
import { DEBIT_SECONDS, NO_FUNDS } from "../payment-methods/test-accounts.ts";
import type { Kinds } from "../wire.ts";
import { announceCharge, startDebit } from "./charge.ts";

type Intent = Kinds["payment_intent"];
type Charge = Kinds["charge"];
type Method = Kinds["payment_method"];

const DAY = 86_400;
/** As long as a slip can be paid. */
const VOUCHER_DAYS = 3;

/**
 * Starts a payment that is decided later, and tells about it: a bank is asked for the money (`processing`), or the buyer
 * gets a slip to pay in cash (`requires_action`). `created` is the intent as it was made, if it was made for this.
 */
export function startDelayed(act: Act, intent: Intent, method: Method, created: Intent | null): Intent {
  const { intent: processing, charge } = startDebit(act, intent, method);
  if (created) act.emit("payment_intent.created", created);
  const after =
    method.type === "oxxo"
      ? act.change(processing, slip(act, intent), "payment_intent.requires_action")
      : processing;
  if (method.type !== "oxxo") act.emit("payment_intent.processing", processing);
  act.emit("charge.pending", charge);
  const fate = accountFateOf(act, method);
  const wait = fate ? fate.after : DEBIT_SECONDS;
  if (wait !== null) act.schedule(askedAt(act, intent, method.type) + wait, "payment.settle", intent.id);
  return after;
}

/** When the bank is asked for the money: on the day that was named, or now. */
function askedAt(act: Act, { payment_method_options: options }: Intent, type: string): number {
  const way = type === "sepa_debit" || type === "us_bank_account" ? options?.[type] : undefined;
  return Math.max(act.now, way?.target_date ? Date.parse(way.target_date) / 1000 : 0);
}

/** The bank's answer, or the counter's, as the account used promises it. */
export function settleByFate(act: Act, intentId: string): void {
  const intent = act.store.find("payment_intent", intentId);
  if (!intent || !isWaiting(intent)) return;
  const method = act.store.find("payment_method", intent.payment_method ?? "");
  settle(act, intentId, method ? accountFateOf(act, method)?.succeeds !== false : true);
}

/** What a bank answers some days after a debit was accepted, or what became of a slip. */
export function settle(act: Act, intentId: string, succeeded: boolean): Intent {
  const intent = act.store.find("payment_intent", intentId);
  if (!intent) throw noSuch("payment_intent", intentId, "payment_intent", 404);
  const charge = act.store.find("charge", intent.latest_charge ?? "");
  if (!isWaiting(intent) || !charge) {
    throw invalid(`This payment is not waiting for its bank: its status is \`${intent.status}\`.`);
  }
  const [session] = act.store.list(
    "checkout.session",
    [{ field: "payment_intent", is: "=", value: intent.id }],
    { limit: 1 },
  ).data;
  const method = act.store.find("payment_method", intent.payment_method ?? "");
  if (!succeeded) {
    const unpaid = fail(act, intent, charge, method);
    if (session) act.emit("checkout.session.async_payment_failed", session);
    return unpaid;
  }
  const paid = succeed(act, intent, charge);
  if (session) act.change(session, { payment_status: "paid" }, "checkout.session.async_payment_succeeded");
  if (method && accountFateOf(act, method)?.disputed) {
    openDispute(act, act.store.find("charge", charge.id) ?? charge, { reason: "debit_not_authorized" });
  }
  return paid;
}

const isWaiting = ({ status, next_action }: Intent) =>
  status === "processing" || (status === "requires_action" && next_action?.type === "oxxo_display_details");

function succeed(act: Act, intent: Intent, charge: Charge): Intent {
  const collected = act.change(charge, {
    amount_captured: charge.amount,
    captured: true,
    paid: true,
    status: "succeeded",
  });
  const balance_transaction = recordBalance(act, collected).id;
  announceCharge(act, act.change(collected, { balance_transaction }));
  return act.change(
    intent,
    { amount_received: intent.amount, next_action: null, status: "succeeded" },
    "payment_intent.succeeded",
  );
}

function fail(act: Act, intent: Intent, charge: Charge, method: Method | undefined): Intent {
  const { code, message } = (method && accountFateOf(act, method)?.failure) ?? NO_FUNDS;
  const failed = act.change(
    charge,
    { failure_code: code, failure_message: message, receipt_url: null, status: "failed" },
    "charge.failed",
  );
  const last_payment_error = {
    charge: failed.id,
    code,
    message,
    ...(method && { payment_method: method }),
    type: "card_error" as const,
  };
  return act.change(
    intent,
    { last_payment_error, next_action: null, payment_method: null, status: "requires_payment_method" },
    "payment_intent.payment_failed",
  );
}

function slip(act: Act, intent: Intent): Partial<Intent> {
  const days = intent.payment_method_options?.oxxo?.expires_after_days ?? VOUCHER_DAYS;
  return {
    next_action: {
      oxxo_display_details: {
        expires_after: act.now + days * DAY,
        hosted_voucher_url: `${act.origin}/c/voucher/${intent.id}`,
        number: intent.id.slice(-14).toUpperCase(),
      },
      type: "oxxo_display_details",
    },
    status: "requires_action",
  };
}
