import { z } from "zod";
import type { Store } from "../store.ts";

const DAY = 86_400;

/** What an account's owner sets in Stripe's dashboard, where there is no API for it. */
export const billingRules = z.strictObject({
  /** Seconds from each failed charge of an invoice to the next try. */
  retries: z.array(z.int().min(1)).max(20),
  /** What becomes of a subscription whose invoice can't be collected. */
  after_retries: z.enum(["cancel", "unpaid", "past_due"]),
  /** Seconds from the making of an invoice to its finalization. */
  draft_seconds: z.int().min(0),
  /** Days before a renewal that `invoice.upcoming` is sent. */
  upcoming_days: z.int().min(0).max(90),
  /** Whether a trial begins with an invoice over nothing. */
  trial_invoice: z.boolean(),
  /** Whether portal sessions may be made without a configuration. */
  portal_default: z.boolean(),
});

export type BillingRules = z.output<typeof billingRules>;

const DEFAULTS: BillingRules = {
  retries: [3 * DAY, 5 * DAY, 7 * DAY],
  after_retries: "cancel",
  // One hour, and the second in which the invoice was made.
  draft_seconds: 3_601,
  upcoming_days: 7,
  trial_invoice: true,
  portal_default: true,
};

export function rulesOf(store: Store): BillingRules {
  return { ...DEFAULTS, ...JSON.parse(store.setting("billing_rules") ?? "{}") };
}

export function setRules(store: Store, changes: Partial<BillingRules>): BillingRules {
  const rules = { ...rulesOf(store), ...changes };
  store.setSetting("billing_rules", JSON.stringify(rules));
  return rules;
}
