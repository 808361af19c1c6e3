import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing, noSuch } from "../api/errors.ts";
import { hash, text, timestamp } from "../api/params.ts";
import { listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { advance, createTestClock, deleteTestClock } from "../billing/test-clock.ts";
import type { Kinds } from "../wire.ts";

const PATH = "/v1/test_helpers/test_clocks";

export const clockAt = (act: Act, id?: string): Kinds["test_helpers.test_clock"] =>
  stored(act, "test_helpers.test_clock", id, { as: "test clock", param: "test_clock" });

export const testClocks = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({
      customer: text().optional(),
      frozen_time: timestamp().optional(),
      name: text(300).optional(),
    }),
    run(act, { customer: id, frozen_time: frozenTime, name }) {
      if (frozenTime === undefined) throw missing("frozen_time");
      const customer = id === undefined ? undefined : act.store.find("customer", id);
      if (id !== undefined && !customer) throw noSuch("customer", id, "customer");
      return createTestClock(act, frozenTime, name ?? null, customer);
    },
  }),
  listRoute({
    kind: "test_helpers.test_clock",
    path: PATH,
  }),
  retrieveRoute(`${PATH}/:id`, clockAt),
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
