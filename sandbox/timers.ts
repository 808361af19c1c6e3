import type { Act } from "./act.ts";
import { expireWhenOpen } from "./checkout/expire.ts";
import { nextRetryAt } from "./events/deliveries.ts";
import { bookCharge } from "./payments/charge.ts";
import { announceInvoicePayment } from "./resources/invoice-payments.ts";
import { referenceRefund } from "./resources/refunds.ts";
import { endIfCanceled } from "./resources/subscriptions.ts";
import type { World } from "./world.ts";

/** What time does, by the names that `act.schedule` uses. */
const WORK: Record<string, (act: Act, subject: string) => void> = {
  "charge.book": bookCharge,
  "checkout.expire": expireWhenOpen,
  "invoice_payment.announce": announceInvoicePayment,
  "refund.reference": referenceRefund,
  "subscription.end": endIfCanceled,
};

/** Longest wait of one alarm: longer ones overflow, and the computer may have slept meanwhile. */
const LONGEST_WAIT_MS = 60_000;

/** Carries out what was scheduled, in order of time, each at its own moment even when the clock jumps past many. */
export class Timers {
  readonly #world: World;
  #alarm: NodeJS.Timeout | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Does everything that is due and sets the alarm for what comes next. */
  run(): void {
    while (this.#runOnce()) {}
    this.arm();
  }

  arm(): void {
    const { clock, store } = this.#world;
    clearTimeout(this.#alarm);
    const next = store.row("SELECT min(due_at) AS at FROM timer")?.at;
    const moments = [next, nextRetryAt(store)].filter((at) => typeof at === "number");
    if (moments.length === 0) return;
    const wait = Math.max(0, clock.millisecondsUntil(Math.min(...moments)));
    this.#alarm = setTimeout(() => this.#ring(), Math.min(wait, LONGEST_WAIT_MS));
  }

  stop(): void {
    clearTimeout(this.#alarm);
  }

  #ring(): void {
    this.run();
    this.#world.courier.wake();
  }

  #runOnce(): boolean {
    const { clock, store, courier } = this.#world;
    const row = store.row("SELECT * FROM timer WHERE due_at <= ? ORDER BY due_at, id LIMIT 1", clock.now());
    if (!row) return false;
    const [name, subject] = [String(row.name), String(row.subject)];
    this.#world.act({ now: Number(row.due_at) }, (act) => {
      store.run("DELETE FROM timer WHERE id = ?", Number(row.id));
      WORK[name]?.(act, subject);
    });
    if (name === "delivery.resend") courier.resend(Number(subject));
    return true;
  }
}
