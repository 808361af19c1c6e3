import type { EntitlementView } from "#/purchases/entitlements.ts";
import type { NotGranted, WhyNot } from "#/rules/not-granted.ts";

/** Why access is as it is, in words for an operator. Each is the end of a sentence. */

const WHY: Record<WhyNot, string> = {
  not_paid: "nobody has paid it yet, or the payment is still on its way",
  payment_failed: "its payment failed",
  payment_expired: "its payment page expired before anybody paid",
  given_back: "everything that was paid was given back",
  not_in_catalog: "it is paid, and the product is not in the catalog any more: a person has to look at it",
  has_plan_already:
    "it is paid, and the user has this plan through another order already: a person has to look at it",
  no_spot_left: "it was paid when no place was left",
  other_item:
    "it is paid, and another product in it can't be granted: an order is granted whole or not at all",
  operator: "a person of the shop ended it",
  buyer: "its buyer gave it up",
  refunded: "everything that was paid was given back",
  partially_refunded: "a part was given back, and this product ends with that",
  dispute_lost: "the bank took the money back for good",
  fraud_warning: "the card's bank suspects fraud, and a person of the shop has to look",
  disputed: "the bank has taken the money back and the outcome is open",
  subscription_canceled: "the subscription has ended",
  subscription_unpaid: "the renewals were not paid",
  subscription_past_due: "the last renewal failed",
  subscription_paused: "the subscription is paused",
  subscription_no_seats: "the subscription has no seat at the moment",
  subscription_incomplete: "the first payment of the subscription is not complete",
  plan_changed: "the subscription was changed to another plan",
  collection_paused: "the invoices of the subscription are not collected for now",
  cancels_at_period_end: "the subscription is to end with this period",
};

/** What a member's seat adds to the reasons of the plan. */
const SEAT_WHY = {
  no_seat: "the plan has fewer seats than members now, and this member joined last",
  seat_removed: "the plan's owner took the seat back",
  seat_left: "the member gave the seat back",
};

/** A reason is stored as text, so one of another version may be unknown here. */
const TEXT_OF = new Map<string, string>(Object.entries({ ...WHY, ...SEAT_WHY }));

export type Explained = {
  status: string;
  entitlement: EntitlementView | null;
  notGranted: NotGranted[];
};

/** Of one order and one of its products. */
export function becauseOf({ status, entitlement, notGranted }: Explained, productKey: string): string {
  if (entitlement) return becauseOfEntitlement(entitlement);
  const why = notGranted.find((product) => product.productKey === productKey)?.why;
  if (why === undefined) return `its status is ${status}`;
  return why === "no_spot_left" ? `${WHY[why]}, and what was paid ${whereMoneyIs(status)}` : WHY[why];
}

/** Of access that was given without an order. */
export function becauseOfGrant({
  state,
  by,
  note,
  until,
  endedBy,
}: {
  state: string;
  by: string;
  note: string | null;
  until: Date | null;
  endedBy: string | null;
}): string {
  const given = `granted by ${by}${until ? ` until ${until.toISOString()}` : ""}${note ? ` ("${note}")` : ""}`;
  if (state === "active") return given;
  return endedBy === null ? `what was ${given}, is over` : `what was ${given}, was ended by ${endedBy}`;
}

function becauseOfEntitlement({ state, reason, via }: EntitlementView): string {
  const text = reason === null ? null : (TEXT_OF.get(reason) ?? reason);
  if (state !== "active") return text ?? `its entitlement is ${state}`;
  const why = via === "seat" ? "a seat of it is theirs" : "it is paid";
  return text ? `${why}, although ${text}` : why;
}

function whereMoneyIs(status: string): string {
  return status === "PAID" ? "is on its way back" : "has been given back";
}
