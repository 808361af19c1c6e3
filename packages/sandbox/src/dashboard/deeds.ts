import { html } from "hono/html";
import { isClosed, isInquiry } from "../disputes/dispute.ts";
import { decimalsOf, formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kind, Kinds } from "../wire.ts";
import { button, type Html, section } from "./parts.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The reasons that buyers and their banks give most. */
const REASONS = [
  "fraudulent",
  "product_not_received",
  "product_unacceptable",
  "duplicate",
  "credit_not_processed",
  "subscription_canceled",
  "general",
];

/** What can be done with an object, as its owner, its buyer or their bank would do it; nothing where nothing can. */
export function deedsFor(store: Store, object: Kinds[Kind]): Html {
  const forms = formsFor(store, object);
  return forms.length === 0 ? html`` : section("What happens next", html`<div class="line">${forms}</div>`);
}

function formsFor(store: Store, object: Kinds[Kind]): Html[] {
  switch (object.object) {
    case "checkout.session":
      return [...ofPayment(store, object.payment_intent), ...ofSubscription(store, object.subscription)];
    case "payment_intent":
      return ofPayment(store, object.id);
    case "charge":
      return ofCharge(object);
    case "dispute":
      return ofDispute(object);
    case "subscription":
      return ofSubscription(store, object.id);
    case "test_helpers.test_clock":
      return ofClock(object);
    default:
      return [];
  }
}

function ofPayment(store: Store, id: string | null): Html[] {
  const charge = store.find("charge", store.find("payment_intent", id ?? "")?.latest_charge ?? "");
  return charge ? ofCharge(charge) : [];
}

function ofCharge(charge: Kinds["charge"]): Html[] {
  if (charge.status !== "succeeded" || !charge.captured) return [];
  const { currency, id } = charge;
  const left = charge.amount_captured - charge.amount_refunded;
  const refunds =
    left === 0
      ? []
      : [
          button(`Refund ${formatMoney(left, currency)}`, "refund", { id }),
          amountForm("refund", { id, amount: left, currency }, html`<button>Refund this part</button>`),
        ];
  if (charge.disputed) return refunds;
  const dispute = html`
    <label>Reason
      <select name="reason">${REASONS.map((name) => html`<option value="${name}">${name.replaceAll("_", " ")}</option>`)}</select>
    </label>
    <button name="kind" value="dispute">Dispute it</button>
    <button name="kind" value="inquiry">Let the bank only ask</button>`;
  return [...refunds, amountForm("dispute", { id, amount: charge.amount, currency }, dispute)];
}

function ofDispute(dispute: Kinds["dispute"]): Html[] {
  const { id } = dispute;
  if (isInquiry(dispute) && !isClosed(dispute)) {
    return [
      button("The bank takes the money", "judge", { id, outcome: "escalate" }),
      button("The bank lets it rest", "judge", { id, outcome: "warning_closed" }),
    ];
  }
  const won = button("The shop wins", "judge", { id, outcome: "won" });
  if (!isClosed(dispute)) return [won, button("The shop loses", "judge", { id, outcome: "lost" })];
  // Banks change their minds about what was lost, and about nothing else.
  return dispute.status === "lost" ? [won] : [];
}

function ofSubscription(store: Store, id: string | null): Html[] {
  const subscription = store.find("subscription", id ?? "");
  if (!subscription || ["canceled", "incomplete_expired"].includes(subscription.status)) return [];
  const planned = subscription.cancel_at_period_end;
  return [
    button("Cancel it now", "cancel", { id: subscription.id, when: "now" }),
    planned
      ? button("Don't cancel it", "cancel", { id: subscription.id, when: "never" })
      : button("Cancel it at the period's end", "cancel", { id: subscription.id, when: "period_end" }),
  ];
}

function ofClock({ id, status }: Kinds["test_helpers.test_clock"]): Html[] {
  if (status !== "ready") return [];
  const steps = [
    ["+ 1 hour", HOUR],
    ["+ 1 day", DAY],
    ["+ 7 days", 7 * DAY],
    ["+ 31 days", 31 * DAY],
  ] as const;
  return steps.map(([label, seconds]) => button(label, "test-clock", { id, seconds }));
}

/** A form that asks how much, in the currency's own unit, with all of it to begin with. */
function amountForm(action: string, of: { id: string; amount: number; currency: string }, rest: Html): Html {
  const decimals = decimalsOf(of.currency);
  const inUnits = (amount: number) => (amount / 10 ** decimals).toFixed(decimals);
  return html`<form class="deed" method="post" action="/dashboard/do/${action}">
    <input type="hidden" name="id" value="${of.id}" />
    <label>Amount in ${of.currency.toUpperCase()}
      <input name="amount" type="number" min="${inUnits(1)}" step="${inUnits(1)}" max="${inUnits(of.amount)}" value="${inUnits(of.amount)}" required />
    </label>
    ${rest}
  </form>`;
}
