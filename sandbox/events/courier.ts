import type { Clock } from "../clock.ts";
import { withPending } from "../resources/events.ts";
import type { Store } from "../store.ts";
import {
  cancel,
  type Delivery,
  deliveriesOf,
  deliveryAt,
  dueRetries,
  hasFirstTries,
  nextFirstTry,
  record,
} from "./deliveries.ts";
import { post } from "./post.ts";
import { signatureHeader } from "./signature.ts";

/** How long an endpoint may think before the next event is sent to it all the same. */
const HEAD_START_MS = 2_000;

/**
 * Sends events. Each endpoint is told of them in the order in which they happened, one at a time, so a test can rely
 * on it; a slow one holds up its own line for two seconds per event at most, and retries never stand in line. What is
 * to be sent is read from the store, so nothing is lost when the process is.
 */
export class Courier {
  readonly #store: Store;
  readonly #clock: Clock;
  /** Per endpoint: the last delivery that was started, and whether its answer is still being waited for. */
  readonly #lines = new Map<string, { last: number; busy: boolean }>();
  readonly #underWay = new Set<number>();
  readonly #watchers = new Set<() => void>();
  readonly #abort = new AbortController();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Starts whatever can be started now. Cheap to call too often. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    for (const endpointId of this.#endpointIds()) this.#advanceLine(endpointId);
    for (const retry of dueRetries(this.#store, this.#clock.now())) {
      if (!this.#underWay.has(retry.id)) void this.#try(retry, false);
    }
  }

  /** Another try by hand. */
  resend(deliveryId: number): void {
    const delivery = deliveryAt(this.#store, deliveryId);
    if (delivery && !this.#abort.signal.aborted) void this.#try(delivery, true);
  }

  /** Resolves once every endpoint has answered (or failed to) about an event, or when the time is over. */
  answered(eventId: string, milliseconds: number): Promise<void> {
    return this.#until(milliseconds, () =>
      deliveriesOf(this.#store, eventId).every(({ attempts, state }) => attempts > 0 || state !== "pending"),
    );
  }

  /** Resolves once nothing is under way and nothing is due: true, or false when the time was not enough. */
  async idle(milliseconds: number): Promise<boolean> {
    const isIdle = () =>
      this.#underWay.size === 0 &&
      !hasFirstTries(this.#store) &&
      dueRetries(this.#store, this.#clock.now()).length === 0;
    await this.#until(milliseconds, isIdle);
    return isIdle();
  }

  close(): void {
    this.#abort.abort();
    for (const watcher of this.#watchers) watcher();
  }

  #endpointIds(): string[] {
    const sql = "SELECT id FROM object WHERE kind = 'webhook_endpoint' AND deleted = 0";
    return this.#store.rows(sql).map(({ id }) => String(id));
  }

  #advanceLine(endpointId: string): void {
    const line = this.#lines.get(endpointId) ?? { last: 0, busy: false };
    this.#lines.set(endpointId, line);
    if (line.busy) return;
    const delivery = nextFirstTry(this.#store, endpointId, line.last);
    if (!delivery) return;
    line.last = delivery.id;
    line.busy = true;
    const next = () => {
      if (line.last !== delivery.id || !line.busy) return;
      line.busy = false;
      if (!this.#abort.signal.aborted) this.#advanceLine(endpointId);
    };
    const headStart = setTimeout(next, HEAD_START_MS);
    void this.#try(delivery, false).finally(() => {
      clearTimeout(headStart);
      next();
    });
  }

  async #try(delivery: Delivery, manual: boolean): Promise<void> {
    const event = this.#store.find("event", delivery.event_id);
    const endpoint = this.#store.find("webhook_endpoint", delivery.endpoint_id);
    const secret = this.#store.note(delivery.endpoint_id, "secret");
    if (!event || !endpoint || secret === undefined || (endpoint.status !== "enabled" && !manual)) {
      if (!manual) cancel(this.#store, delivery);
      return;
    }
    this.#underWay.add(delivery.id);
    const body = JSON.stringify(withPending({ store: this.#store }, event), null, 2);
    const started = Date.now();
    const reply = await post(endpoint.url, body, signatureHeader(body, secret), this.#abort.signal);
    this.#underWay.delete(delivery.id);
    if (this.#abort.signal.aborted) return;
    record(this.#store, delivery, {
      at: this.#clock.now(),
      manual,
      milliseconds: Date.now() - started,
      ...reply,
    });
    for (const watcher of this.#watchers) watcher();
  }

  #until(milliseconds: number, condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(limit);
        this.#watchers.delete(check);
        resolve();
      };
      const check = () => {
        if (this.#abort.signal.aborted || condition()) finish();
      };
      const limit = setTimeout(finish, milliseconds);
      this.#watchers.add(check);
      check();
    });
  }
}
