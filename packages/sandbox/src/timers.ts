import type { Act } from "./act.ts";
import { finalizeWhenDue, overdueWhenDue, retryWhenDue } from "./billing/collect.ts";
import { expireUpdate } from "./billing/drop-update.ts";
import { announceInvoicePayment } from "./billing/invoice-payment.ts";
import { billPendingItems } from "./billing/pending-items.ts";
import {
  endIfCanceled,
  endPeriod,
  expireIncomplete,
  resumeCollection,
  tellTrialEnds,
  tellUpcoming,
} from "./billing/renew.ts";
import { arrive, deleteTestClock } from "./billing/test-clock.ts";
import { expireWhenOpen } from "./checkout/expire.ts";
import type { Clock } from "./clock.ts";
import { judge, lapse } from "./disputes/outcome.ts";
import { nextDueAt } from "./events/deliveries.ts";
import { releaseHold } from "./payment-intents/capture.ts";
import { bookCharge } from "./payments/charge.ts";
import { settleByFate } from "./payments/settle.ts";
import { expireQuote } from "./quotes/life.ts";
import { decideRefund, expireRefund, referenceRefund } from "./refunds/refund.ts";
import { tellExpiring, turnPhase } from "./schedules/life.ts";
import type { Store } from "./store.ts";

/** What time does, by the names that `act.schedule` uses. */
const WORK: Record<string, (act: Act, subject: string) => void> = {
  "charge.book": bookCharge,
  "charge.release": releaseHold,
  "checkout.expire": expireWhenOpen,
  "dispute.due": lapse,
  "dispute.judge": judge,
  "invoice.finalize": finalizeWhenDue,
  "invoice.overdue": overdueWhenDue,
  "invoice.retry": retryWhenDue,
  "invoice_payment.announce": announceInvoicePayment,
  "payment.settle": settleByFate,
  "quote.expire": expireQuote,
  "refund.decide": decideRefund,
  "refund.expire": expireRefund,
  "refund.reference": referenceRefund,
  "schedule.expiring": tellExpiring,
  "schedule.turn": turnPhase,
  "subscription.collect": resumeCollection,
  "subscription.end": endIfCanceled,
  "subscription.expire": expireIncomplete,
  "subscription.pending_items": billPendingItems,
  "subscription.pending_update": expireUpdate,
  "subscription.period": endPeriod,
  "subscription.trial_ends_soon": tellTrialEnds,
  "subscription.upcoming": tellUpcoming,
  "test_clock.arrive": (act, id) => arrive(act, id, (on, name, subject) => WORK[name]?.(on, subject)),
  "test_clock.delete": deleteTestClock,
};

/** Longest wait of one alarm: longer ones overflow, and the computer may have slept meanwhile. */
const LONGEST_WAIT_MS = 60_000;

/** What timers need of the account they belong to. */
interface Owner {
  readonly clock: Clock;
  readonly courier: { resend(delivery: number): void; wake(): void };
  readonly listeners: { resend(event: string): void };
  readonly store: Store;
  act(how: { now: number }, work: (act: Act) => void): void;
}

/** Carries out what was scheduled, in order of time, each at its own moment even when the clock jumps past many. */
export class Timers {
  readonly #owner: Owner;
  #alarm: NodeJS.Timeout | undefined;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Does everything that is due and sets the alarm for what comes next. */
  run(): void {
    while (this.#runOnce()) {}
    this.arm();
  }

  arm(): void {
    const { clock, store } = this.#owner;
    clearTimeout(this.#alarm);
    const next = store.row("SELECT min(due_at) AS at FROM timer")?.at;
    const moments = [next, nextDueAt(store, clock.now())].filter((at) => typeof at === "number");
    if (moments.length === 0) return;
    const wait = Math.max(0, clock.millisecondsUntil(Math.min(...moments)));
    if (wait === Number.POSITIVE_INFINITY) return;
    this.#alarm = setTimeout(() => this.#ring(), Math.min(wait, LONGEST_WAIT_MS));
  }

  stop(): void {
    clearTimeout(this.#alarm);
  }

  #ring(): void {
    this.run();
    this.#owner.courier.wake();
  }

  #runOnce(): boolean {
    const { clock, courier, listeners, store } = this.#owner;
    const row = store.row("SELECT * FROM timer WHERE due_at <= ? ORDER BY due_at, id LIMIT 1", clock.now());
    if (!row) return false;
    const [name, subject] = [String(row.name), String(row.subject)];
    this.#owner.act({ now: Number(row.due_at) }, (act) => {
      store.run("DELETE FROM timer WHERE id = ?", Number(row.id));
      WORK[name]?.(act, subject);
    });
    if (name === "delivery.resend") courier.resend(Number(subject));
    if (name === "stripecli.resend") listeners.resend(subject);
    return true;
  }
}
