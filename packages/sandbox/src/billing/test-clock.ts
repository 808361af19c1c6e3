import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { periodAfter } from "../catalog/period.ts";
import { shortId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { rhythmOf } from "./subscription.ts";

type TestClock = Kinds["test_helpers.test_clock"];

const DAY = 86_400;
const KEPT_DAYS = 30;
const MOST_CUSTOMERS = 3;
const MOST_SUBSCRIPTIONS = 3;
/** More than thirty days of three customers can leave. */
const MOST_OBJECTS = 100_000;

export function createTestClock(
  act: Act,
  frozenTime: number,
  name: string | null,
  customer?: Kinds["customer"],
): TestClock {
  const id = `clock_1${shortId("x").slice(2)}`;
  const clock = act.create<TestClock>(
    {
      id,
      object: "test_helpers.test_clock",
      created: act.now,
      deletes_after: act.now + KEPT_DAYS * DAY,
      frozen_time: frozenTime,
      livemode: false,
      name,
      status: "ready",
      status_details: {},
    },
    "test_helpers.test_clock.created",
  );
  act.schedule(clock.deletes_after, "test_clock.delete", id);
  if (customer) moveOnto(act, clock, customer);
  return clock;
}

/** For good: a customer never leaves a test clock. What they already have runs by the sandbox's own time. */
function moveOnto(act: Act, clock: TestClock, customer: Kinds["customer"]): void {
  const theirs = { field: "customer", is: "=", value: customer.id } as const;
  if (customer.test_clock || act.store.list("subscription", [theirs], { limit: 1 }).data.length > 0) {
    throw invalid(
      "Only a customer with no test clock and no subscriptions can be put on a test clock.",
      "customer",
    );
  }
  act.change(customer, { test_clock: clock.id }, "customer.updated");
}

/** Sets out for a later time. It is reached after this act: see `arrive`. */
export function advance(act: Act, clock: TestClock, target: number): TestClock {
  if (clock.status === "advancing") {
    throw invalid("The test clock is already advancing. Wait until its status is `ready`.", "frozen_time");
  }
  if (target <= clock.frozen_time) {
    throw invalid("The frozen_time must be later than the test clock's current frozen_time.", "frozen_time");
  }
  const longest = longestStep(act, clock);
  if (target > longest) {
    throw invalid(
      "Cannot advance the test clock this far: at most two intervals of its shortest subscription at a time, or two years without one.",
      "frozen_time",
    );
  }
  act.schedule(act.now, "test_clock.arrive", clock.id);
  return act.change(
    clock,
    { status: "advancing", status_details: { advancing: { target_frozen_time: target } } },
    "test_helpers.test_clock.advancing",
  );
}

/** Everything that falls due on the way happens in its order, each at its own moment of the clock. */
export function arrive(act: Act, id: string, work: (act: Act, name: string, subject: string) => void): void {
  const clock = act.store.find("test_helpers.test_clock", id);
  const target = clock?.status_details.advancing?.target_frozen_time;
  if (!clock || target === undefined) return;
  const next = () =>
    act.store.row(
      "SELECT * FROM clock_timer WHERE clock = ? AND due_at <= ? ORDER BY due_at, id LIMIT 1",
      id,
      target,
    );
  for (let row = next(); row; row = next()) {
    act.store.run("DELETE FROM clock_timer WHERE id = ?", Number(row.id));
    work(act.on(id, Number(row.due_at)), String(row.name), String(row.subject));
  }
  const arrived = { frozen_time: target, status: "ready", status_details: {} };
  act.change(clock, arrived, "test_helpers.test_clock.ready");
}

/** A clock goes with everybody who lives on it. */
export function deleteTestClock(act: Act, id: string): void {
  const clock = act.store.find("test_helpers.test_clock", id);
  if (!clock) return;
  const onIt = { field: "test_clock", is: "=", value: id } as const;
  for (const kind of ["invoiceitem", "invoice", "subscription", "customer"] as const) {
    for (const object of act.store.list(kind, [onIt], { limit: MOST_OBJECTS }).data)
      act.store.delete(object.id);
  }
  act.store.run("DELETE FROM clock_timer WHERE clock = ?", id);
  act.store.delete(id);
  act.emit("test_helpers.test_clock.deleted", clock);
}

/** The clock a new customer shall live on, or the refusal. */
export function clockForCustomer(act: Act, id: string | undefined): string | null {
  if (!id) return null;
  if (!act.store.find("test_helpers.test_clock", id)) throw noSuch("test clock", id, "test_clock");
  const onIt = { field: "test_clock", is: "=", value: id } as const;
  if (act.store.list("customer", [onIt], { limit: MOST_CUSTOMERS }).data.length >= MOST_CUSTOMERS) {
    throw invalid(`A test clock can have at most ${MOST_CUSTOMERS} customers.`, "test_clock");
  }
  return id;
}

export function checkRoomFor(act: Act, customer: Kinds["customer"]): void {
  if (!customer.test_clock) return;
  const ofThem = { field: "customer", is: "=", value: customer.id } as const;
  const alive = { field: "status", is: "!=", value: "canceled" } as const;
  const page = { limit: MOST_SUBSCRIPTIONS };
  if (act.store.list("subscription", [ofThem, alive], page).data.length >= MOST_SUBSCRIPTIONS) {
    throw invalid(
      `A customer on a test clock can have at most ${MOST_SUBSCRIPTIONS} subscriptions.`,
      "customer",
    );
  }
}

function longestStep(act: Act, clock: TestClock): number {
  const onIt = { field: "test_clock", is: "=", value: clock.id } as const;
  const alive = act.store
    .list("subscription", [onIt], { limit: 100 })
    .data.filter(({ status }) => status !== "canceled" && status !== "incomplete_expired");
  const ends = alive.flatMap(({ items }) =>
    items.data.map(({ price }) =>
      periodAfter(periodAfter(clock.frozen_time, rhythmOf(price)), rhythmOf(price)),
    ),
  );
  const twoYears = periodAfter(clock.frozen_time, { interval: "year", interval_count: 2 });
  return Math.min(twoYears, ...ends);
}
