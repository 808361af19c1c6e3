import type { Act } from "../act.ts";

/** The act at the time of whoever it is about: a customer on a test clock, or anything that belongs to one. */
export function inTimeOf(act: Act, owner: { test_clock?: string | null }): Act {
  if (!owner.test_clock || act.testClock === owner.test_clock) return act;
  const clock = act.store.find("test_helpers.test_clock", owner.test_clock);
  return clock ? act.on(clock.id, clock.frozen_time) : act;
}
