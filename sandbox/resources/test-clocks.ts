import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing, noSuch } from "../api/errors.ts";
import { listOf } from "../api/lists.ts";
import { hash, notBuilt, paging, text, timestamp } from "../api/params.ts";
import { advance, createTestClock, deleteTestClock } from "../billing/test-clock.ts";
import type { Kinds } from "../wire.ts";

const PATH = "/v1/test_helpers/test_clocks";

function clockAt(act: Act, id = ""): Kinds["test_helpers.test_clock"] {
  const clock = act.store.find("test_helpers.test_clock", id);
  if (!clock) throw noSuch("test clock", id, "test_clock", 404);
  return clock;
}

export const testClocks = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({
      customer: notBuilt(),
      frozen_time: timestamp().optional(),
      name: text(300).optional(),
    }),
    run(act, { frozen_time: frozenTime, name }) {
      if (frozenTime === undefined) throw missing("frozen_time");
      return createTestClock(act, frozenTime, name ?? null);
    },
  }),
  endpoint({
    method: "GET",
    path: PATH,
    params: hash(paging),
    run: (act, params) => listOf(act, "test_helpers.test_clock", PATH, params),
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id`,
    params: hash({}),
    run: (act, _, { id }) => clockAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/advance`,
    params: hash({ frozen_time: timestamp().optional() }),
    run(act, { frozen_time: target }, { id }) {
      if (target === undefined) throw missing("frozen_time");
      return advance(act, clockAt(act, id), target);
    },
  }),
  endpoint({
    method: "DELETE",
    path: `${PATH}/:id`,
    params: hash({}),
    run(act, _, { id }) {
      const clock = clockAt(act, id);
      deleteTestClock(act, clock.id);
      return { id: clock.id, object: clock.object, deleted: true };
    },
  }),
];
