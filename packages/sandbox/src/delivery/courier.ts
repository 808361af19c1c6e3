import { chance, shuffled } from "../chance.ts";
import type { Clock } from "../clock.ts";
import {
  addDelivery,
  cancel,
  type Delivery,
  deliveriesOf,
  deliveryAt,
  due,
  hasFirstTries,
  lineOf,
  note,
  postpone,
  rearrange,
  record,
  type Try,
} from "../events/deliveries.ts";
import type { Faults, Struck } from "../faults/faults.ts";
import type { SendingFault } from "../faults/rules.ts";
import { longId } from "../ids.ts";
import type { Store } from "../store.ts";
import type { EventObject, Kinds } from "../wire.ts";
import { send } from "./send.ts";
import { Watchers } from "./watchers.ts";

/** How long an endpoint may think before the next event is sent to it all the same. */
const HEAD_START_MS = 2_000;
/** Deliveries of a line that are looked at in one go. */
const WINDOW = 200;
/** How far a reordered event may jump. */
const REACH = 8;
/** Retries and delayed events under way at once, for all endpoints together. */
const MOST_DUE = 100;

/** An endpoint's line: what was read of it and not yet sent, and what is being waited for. */
interface Line {
  next: Delivery[];
  lanes: Set<string>;
}

/**
 * Sends events. Each endpoint is told of them in the order in which they happened, one at a time, so a test can rely on
 * it; a slow one holds up its own line for two seconds per event at most, and retries never stand in line. With more
 * than one at a time, what belongs together (`lane.ts`) still keeps its order. What is to be sent is read from the
 * store, so nothing is lost when the process is.
 */
export class Courier {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #faults: Faults;
  /** Told whenever a delivery has been put off: somebody has to ring when its moment comes. */
  readonly #putOff: () => void;
  readonly #lines = new Map<string, Line>();
  readonly #underWay = new Set<number>();
  readonly #watchers = new Watchers();
  #abort = new AbortController();
  /** Copies that faults send, which no delivery waits for. */
  #copies = 0;
  #inFlight = 1;
  #held = false;

  constructor(store: Store, clock: Clock, faults: Faults, putOff: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#faults = faults;
    this.#putOff = putOff;
    this.#load();
  }

  /** First tries under way at once, per endpoint. */
  get inFlight(): number {
    return this.#inFlight;
  }

  set inFlight(most: number) {
    this.#store.setSetting("webhook_in_flight", String(most));
    this.#inFlight = most;
    this.wake();
  }

  /** While held, nothing is sent; it collects in the lines. */
  get held(): boolean {
    return this.#held;
  }

  hold(): void {
    this.#setHeld(true);
  }

  /** Sends what was held: in the order in which it happened, in the order of `events`, or as a seed shuffles it. */
  release(order: { seed?: number | undefined; events?: readonly string[] | undefined }): number {
    const { seed, events } = order;
    const placed = rearrange(this.#store, (waiting) => {
      const mixed = seed === undefined ? waiting : shuffled(waiting, seed);
      if (!events) return mixed;
      const rank = (delivery: Delivery) => {
        const place = events.indexOf(delivery.event_id);
        return place < 0 ? events.length : place;
      };
      return mixed.toSorted((one, other) => rank(one) - rank(other));
    });
    this.#setHeld(false);
    this.wake();
    return placed;
  }

  /** Starts whatever can be started now. Cheap to call too often. */
  wake(): void {
    if (this.#abort.signal.aborted || this.held) return;
    for (const endpointId of this.#endpointIds()) this.#advanceLine(endpointId);
    this.#sendDue();
  }

  /** Another try by hand. */
  resend(deliveryId: number): void {
    const delivery = deliveryAt(this.#store, deliveryId);
    if (delivery && !this.#abort.signal.aborted) void this.#try(delivery, true);
  }

  /** Resolves once every endpoint has answered (or failed to) about an event, or when the time is over. */
  answered(eventId: string, milliseconds: number): Promise<void> {
    return this.#watchers.until(milliseconds, () =>
      deliveriesOf(this.#store, eventId).every(
        ({ attempts, state }) => attempts > 0 || (state !== "pending" && state !== "waiting"),
      ),
    );
  }

  /** Resolves once nothing is under way and nothing is due: true, or false when the time was not enough. */
  async idle(milliseconds: number): Promise<boolean> {
    const isIdle = () =>
      this.#underWay.size === 0 &&
      this.#copies === 0 &&
      (this.held || (!hasFirstTries(this.#store) && due(this.#store, this.#clock.now(), 1).length === 0));
    await this.#watchers.until(milliseconds, isIdle);
    return isIdle();
  }

  /** Starts anew, after the store was emptied under it: what is still under way is of no interest any more. */
  restart(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#underWay.clear();
    this.#copies = 0;
    this.#load();
    this.#watchers.look();
  }

  close(): void {
    this.#abort.abort();
    this.#watchers.letGo();
  }

  #load(): void {
    this.#inFlight = Number(this.#store.setting("webhook_in_flight") ?? 1);
    this.#held = this.#store.setting("webhooks_held") === "1";
    this.#lines.clear();
  }

  #setHeld(held: boolean): void {
    this.#store.setSetting("webhooks_held", held ? "1" : "0");
    this.#load();
  }

  #endpointIds(): string[] {
    const sql = "SELECT id FROM object WHERE kind = 'webhook_endpoint' AND deleted = 0";
    return this.#store.rows(sql).map(({ id }) => String(id));
  }

  #sendDue(): void {
    const room = MOST_DUE - this.#underWay.size;
    if (room <= 0) return;
    for (const delivery of due(this.#store, this.#clock.now(), MOST_DUE)) {
      if (!this.#underWay.has(delivery.id)) void this.#try(delivery, false).finally(() => this.wake());
    }
  }

  #advanceLine(endpointId: string): void {
    if (this.#held) return;
    const line = this.#lines.get(endpointId) ?? { next: [], lanes: new Set() };
    this.#lines.set(endpointId, line);
    while (line.lanes.size < this.#inFlight) {
      const delivery = this.#take(line, endpointId);
      if (!delivery) return;
      if (this.#postponed(delivery)) continue;
      if (this.#strikes("burst", delivery)) {
        void this.#try(delivery, false);
        continue;
      }
      this.#sendInLine(line, endpointId, delivery);
    }
  }

  /** The next of the line whose lane is free. */
  #take(line: Line, endpointId: string): Delivery | undefined {
    if (line.next.length === 0) {
      const most = WINDOW + this.#underWay.size;
      line.next = lineOf(this.#store, endpointId, most).filter(({ id }) => !this.#underWay.has(id));
      if (this.#faults.has("reorder")) line.next = this.#reordered(line.next);
    }
    const index = line.next.findIndex(({ lane }) => !line.lanes.has(lane));
    return index < 0 ? undefined : line.next.splice(index, 1)[0];
  }

  #reordered(line: readonly Delivery[]): Delivery[] {
    return line
      .map((delivery, index) => {
        const rule = this.#strikes("reorder", delivery);
        return { delivery, place: rule ? index + REACH * chance(rule.seed ?? 0, delivery.id) : index };
      })
      .sort((one, other) => one.place - other.place)
      .map(({ delivery }) => delivery);
  }

  #sendInLine(line: Line, endpointId: string, delivery: Delivery): void {
    line.lanes.add(delivery.lane);
    let gone = false;
    const next = () => {
      if (gone) return;
      gone = true;
      line.lanes.delete(delivery.lane);
      if (this.#lines.get(endpointId) === line && !this.#abort.signal.aborted) this.#advanceLine(endpointId);
    };
    const headStart = setTimeout(next, HEAD_START_MS);
    void this.#try(delivery, false).finally(() => {
      clearTimeout(headStart);
      next();
    });
  }

  #postponed(delivery: Delivery): boolean {
    const rule = this.#strikes("delay", delivery);
    if (!rule) return false;
    postpone(this.#store, delivery, this.#clock.now() + rule.seconds);
    this.#putOff();
    return true;
  }

  async #try(delivery: Delivery, manual: boolean): Promise<void> {
    const event = this.#store.find("event", delivery.event_id);
    const endpoint = this.#store.find("webhook_endpoint", delivery.endpoint_id);
    if (!event || !endpoint || (endpoint.status !== "enabled" && !manual)) {
      if (!manual) cancel(this.#store, delivery);
      return;
    }
    const { signal } = this.#abort;
    this.#underWay.add(delivery.id);
    if (delivery.attempts === 0 && !manual) this.#multiply(delivery, event, endpoint);
    const outcome = await this.#send(delivery, event, endpoint, manual);
    if (signal.aborted) return;
    this.#underWay.delete(delivery.id);
    record(this.#store, delivery, outcome);
    this.#putOff();
    this.#watchers.look();
  }

  /** What faults send besides the event itself: the same once more, or a second event about the same change. */
  #multiply(delivery: Delivery, event: EventObject, endpoint: Kinds["webhook_endpoint"]): void {
    if (this.#faults.ofSending("duplicate", struck(delivery, event))) {
      const { signal } = this.#abort;
      this.#copies += 1;
      void this.#send(delivery, event, endpoint, false).then((outcome) => {
        if (signal.aborted) return;
        this.#copies -= 1;
        note(this.#store, delivery, { ...outcome, fault: outcome.fault ?? "duplicate" });
        this.#watchers.look();
      });
    }
    if (!delivery.twin && this.#faults.ofSending("twin", struck(delivery, event))) {
      this.#store.transaction(() => {
        const twin = { ...event, id: longId("evt") };
        this.#store.insert(twin);
        addDelivery(this.#store, {
          eventId: twin.id,
          endpointId: endpoint.id,
          lane: delivery.lane,
          twin: true,
        });
      });
    }
  }

  #send(
    delivery: Delivery,
    event: EventObject,
    endpoint: Kinds["webhook_endpoint"],
    manual: boolean,
  ): Promise<Try> {
    const fault = this.#faults.ofAttempt(struck(delivery, event));
    const how = { fault, manual, signal: this.#abort.signal };
    return send({ store: this.#store, clock: this.#clock }, delivery, event, endpoint, how);
  }

  /** The rule of this name that strikes a delivery. Its event is only read when there is such a rule. */
  #strikes<Name extends SendingFault>(name: Name, delivery: Delivery) {
    if (!this.#faults.has(name)) return undefined;
    const event = this.#store.find("event", delivery.event_id);
    return event && this.#faults.ofSending(name, struck(delivery, event));
  }
}

function struck(delivery: Delivery, event: EventObject): Struck {
  return {
    type: event.type,
    endpointId: delivery.endpoint_id,
    number: delivery.id,
    attempt: delivery.attempts,
  };
}
