/** A trial that somebody gave later at Stripe begins later: the plan was paid with the first invoice then. */
const TRIAL_BEGINS_WITHIN_SECONDS = 3_600;

/** Whether a plan began with this trial; the times are unix seconds. Pure. */
export function beganWithIt(trialStart: number | undefined, paidAt: number | undefined): boolean {
  return (
    trialStart !== undefined && paidAt !== undefined && trialStart <= paidAt + TRIAL_BEGINS_WITHIN_SECONDS
  );
}
