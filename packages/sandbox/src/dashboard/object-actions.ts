import { z } from "zod";
import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { cancelSubscription } from "../billing/change.ts";
import { subscriptionIn } from "../billing/subscription-fields.ts";
import { advance } from "../billing/test-clock.ts";
import { openDispute } from "../disputes/opening.ts";
import { decide } from "../disputes/outcome.ts";
import { decimalsOf } from "../money.ts";
import { refundableAmount, refundCharge } from "../refunds/refund.ts";
import { chargeAt } from "../resources/charges.ts";
import { disputeAt } from "../resources/disputes.ts";
import { updateSubscription } from "../resources/subscription-update.ts";
import { clockAt } from "../resources/test-clocks.ts";

type Form = Record<string, string>;

const OUTCOMES = z.enum(["won", "lost", "escalate", "warning_closed"]);

/** The forms of `deeds.ts`, each done by what the API's own call does. */
export const objectActions: Record<string, (act: Act, form: Form) => void> = {
  refund(act, { id, amount }) {
    const charge = chargeAt(act, id);
    const wanted = amount === undefined ? undefined : smallest(amount, charge.currency);
    const refunded = refundableAmount(act, charge, wanted);
    refundCharge(act, charge, { amount: refunded, reason: "requested_by_customer", metadata: {} });
  },
  dispute(act, { id, amount = "", kind, reason }) {
    const charge = chargeAt(act, id);
    if (charge.status !== "succeeded") throw invalid("Only a charge that succeeded can be disputed.");
    openDispute(act, charge, {
      amount: smallest(amount, charge.currency),
      inquiry: kind === "inquiry",
      reason,
    });
  },
  judge(act, { id, outcome }) {
    decide(act, disputeAt(act, id), OUTCOMES.parse(outcome));
  },
  cancel(given, { id = "", when }) {
    const { act, subscription } = subscriptionIn(given, id);
    if (["canceled", "incomplete_expired"].includes(subscription.status)) {
      throw invalid("This subscription has ended already.");
    }
    if (when === "now") cancelSubscription(act, subscription, {});
    else
      updateSubscription.prepare({ cancel_at_period_end: String(when === "period_end") }, act.version)(
        given,
        { id },
      );
  },
  "test-clock"(act, { id, seconds }) {
    const clock = clockAt(act, id);
    advance(act, clock, clock.frozen_time + z.coerce.number().int().min(1).parse(seconds));
  },
};

/** An amount as people write it, in the currency's smallest unit. */
function smallest(amount: string, currency: string): number {
  return Math.round(z.coerce.number().positive().parse(amount) * 10 ** decimalsOf(currency));
}
