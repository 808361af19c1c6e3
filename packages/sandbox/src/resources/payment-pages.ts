import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, refused } from "../api/errors.ts";
import { hash, ignored, integer, text } from "../api/params.ts";
import { MESSAGE } from "../catalog/promotion.ts";
import { lockedEmail } from "../checkout/buyer.ts";
import { submit } from "../checkout/challenge.ts";
import { chooseAmount, chosenLine, lacksAmount } from "../checkout/chosen-amount.ts";
import { linesOf } from "../checkout/contents.ts";
import { enteredBy } from "../checkout/entered.ts";
import { needsMethod } from "../checkout/pay.ts";
import { isBlocked } from "../checkout/payment-options.ts";
import { lapsed } from "../checkout/promotion.ts";
import { locate } from "../checkout/totals.ts";
import { cardError } from "../payment-methods/card-error.ts";
import { ownMethodFor } from "../payment-methods/method.ts";
import type { Kinds } from "../wire.ts";
import { sessionAt } from "./checkout-sessions.ts";

/**
 * The hosted page without a browser. Stripe doesn't document these two routes; its own CLI completes sessions with
 * them (`pkg/fixtures/triggers/checkout.session.completed.json` in stripe/stripe-cli).
 */
function pageOf(act: Act, session: Kinds["checkout.session"]) {
  return {
    id: session.id.replace("cs_test_", "ppage_1").slice(0, 31),
    object: "checkout.session",
    session_id: session.id,
    amount_total: session.amount_total,
    currency: session.currency,
    customer: session.customer,
    customer_email: lockedEmail(act, session),
    line_items: linesOf(act.store, session.id),
    livemode: false,
    mode: session.mode,
    payment_intent: session.payment_intent,
    /** The bank's question, where it has one. */
    next_action: act.store.find("payment_intent", session.payment_intent ?? "")?.next_action ?? null,
    payment_method_types: session.payment_method_types,
    payment_status: session.payment_status,
    status: session.status,
    subscription: session.subscription,
    success_url: session.success_url,
    state: session.status === "open" ? "active" : session.status === "complete" ? "succeeded" : "expired",
  };
}

/** With the amount that the buyer enters on the page, where it is theirs to decide. */
function amountChosen(
  act: Act,
  session: Kinds["checkout.session"],
  { custom_unit_amount: amount }: { custom_unit_amount?: number | undefined },
) {
  const param = "custom_unit_amount";
  if (amount === undefined) {
    if (lacksAmount(act.store, session)) throw missing(param);
    return session;
  }
  if (!chosenLine(linesOf(act.store, session.id))) {
    throw invalid("The amount of this Checkout Session isn't the buyer's to decide.", param);
  }
  const chosen = chooseAmount(act, session, amount);
  if (chosen.ok) return chosen.session;
  const { bound, why } = chosen.refusal;
  const words = { least: "greater than or equal to", most: "less than or equal to", unit: "a multiple of" };
  throw invalid(`This value must be ${words[why]} ${bound}.`, param);
}

export const paymentPages = [
  endpoint({
    method: "GET",
    path: "/v1/payment_pages/:id",
    params: hash({ eid: ignored("browser_only") }),
    run: (act, _, { id }) => pageOf(act, sessionAt(act, id)),
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_pages/:id/confirm",
    params: hash({
      payment_method: text().optional(),
      custom_unit_amount: integer({ min: 0 }).optional(),
      expected_amount: integer({ min: 0 }).optional(),
      email: text().optional(),
      eid: ignored("browser_only"),
      key: ignored("browser_only"),
    }),
    run(act, params, { id }) {
      const opened = sessionAt(act, id);
      if (opened.status !== "open") {
        throw refused(`This Checkout Session is no longer open: its status is \`${opened.status}\`.`, {
          code: "payment_intent_unexpected_state",
        });
      }
      const refusal = lapsed(act, opened);
      if (refusal) throw refused(MESSAGE[refusal], refusal === "expired" ? { code: "coupon_expired" } : {});
      const method = params.payment_method
        ? ownMethodFor(act, params.payment_method, opened.customer, "payment_method")
        : null;
      const billing = method?.billing_details;
      const known = billing?.address;
      const address = known?.country ? { ...addressOf({}), ...known } : addressOf({ country: "US" });
      const session = locate(act, amountChosen(act, opened, params), enteredBy({ address }));
      const due = session.amount_total ?? 0;
      if (params.expected_amount !== undefined && params.expected_amount !== due) {
        throw invalid(`The amount is ${due}, not the expected ${params.expected_amount}.`, "expected_amount");
      }
      if (!params.payment_method && needsMethod(session)) throw missing("payment_method");
      if (isBlocked(session, method?.card)) {
        throw refused("This Checkout Session doesn't take cards of this brand or kind.", {
          param: "payment_method",
        });
      }
      const outcome = submit(act, session, method, {
        email: lockedEmail(act, session) ?? params.email ?? billing?.email ?? "buyer@example.com",
        name: billing?.name ?? "Test Buyer",
        address,
      });
      return outcome.result === "declined"
        ? { failure: cardError(outcome.decline, outcome) }
        : pageOf(act, outcome.session);
    },
  }),
];
