import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { hash, oneOf, paging, text, timestamp } from "../api/params.ts";
import { is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { usedOf } from "../billing/usage.ts";
import { shortId } from "../ids.ts";
import type { Kinds } from "../wire.ts";

type Meter = Kinds["billing.meter"];

const PATH = "/v1/billing/meters";
const WINDOW_SECONDS = { day: 86_400, hour: 3_600 };
const MINUTE = 60;

const meterAt = (act: Act, id?: string) => stored(act, "billing.meter", id, { as: "meter" });

export const meters = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({
      customer_mapping: hash({ event_payload_key: text(100), type: oneOf("by_id") }).optional(),
      default_aggregation: hash({ formula: oneOf("count", "last", "sum") }),
      display_name: text(250),
      event_name: text(100),
      event_time_window: oneOf("day", "hour").optional(),
      value_settings: hash({ event_payload_key: text(100) }).optional(),
    }),
    run(act, params) {
      if (meterOf(act, params.event_name)) {
        throw invalid(`A meter with event name ${params.event_name} exists already.`, "event_name");
      }
      return act.create(buildMeter(act, params), "billing.meter.created");
    },
  }),
  listRoute({ kind: "billing.meter", path: PATH, by: { status: is("status", oneOf("active", "inactive")) } }),
  retrieveRoute(`${PATH}/:id`, meterAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: hash({ display_name: text(250).optional() }),
    run(act, { display_name }, { id }) {
      const meter = meterAt(act, id);
      const changes = { display_name: display_name ?? meter.display_name, updated: act.now };
      return act.change(meter, changes, "billing.meter.updated");
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/deactivate`,
    params: hash({}),
    run(act, _, { id }) {
      const status_transitions = { deactivated_at: act.now };
      const changes = { status: "inactive", status_transitions, updated: act.now };
      return act.change(meterAt(act, id), changes, "billing.meter.deactivated");
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/reactivate`,
    params: hash({}),
    run(act, _, { id }) {
      const changes = { status: "active", status_transitions: { deactivated_at: null }, updated: act.now };
      return act.change(meterAt(act, id), changes, "billing.meter.reactivated");
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id/event_summaries`,
    params: hash({
      ...paging,
      customer: text(),
      end_time: timestamp(),
      start_time: timestamp(),
      value_grouping_window: oneOf("day", "hour").optional(),
    }),
    run(act, params, { id }) {
      const meter = meterAt(act, id);
      if (!act.store.find("customer", params.customer)) throw noSuch("customer", params.customer, "customer");
      return pageOf(summariesOf(act, meter, params), `${PATH}/${meter.id}/event_summaries`, params);
    },
  }),
];

/** The meter that events of a name go to. */
export function meterOf(act: Act, eventName: string): Meter | undefined {
  const filters = [
    { field: "event_name", is: "=", value: eventName },
    { field: "status", is: "=", value: "active" },
  ] as const;
  return act.store.list("billing.meter", filters, { limit: 1 }).data[0];
}

function buildMeter(
  act: Act,
  given: Pick<Meter, "default_aggregation" | "display_name" | "event_name"> & {
    customer_mapping?: Meter["customer_mapping"] | undefined;
    event_time_window?: Meter["event_time_window"] | undefined;
    value_settings?: Meter["value_settings"] | undefined;
  },
): Meter {
  return {
    id: `mtr_test_${shortId("x").slice(2)}`,
    object: "billing.meter",
    created: act.now,
    customer_mapping: given.customer_mapping ?? { event_payload_key: "stripe_customer_id", type: "by_id" },
    default_aggregation: given.default_aggregation,
    display_name: given.display_name,
    event_name: given.event_name,
    event_time_window: given.event_time_window ?? null,
    livemode: false,
    status: "active",
    status_transitions: { deactivated_at: null },
    updated: act.now,
    value_settings: given.value_settings ?? { event_payload_key: "value" },
  };
}

/** What a meter shows for a customer: of the whole span, or of each day or hour in which there was anything. */
function summariesOf(
  act: Act,
  meter: Meter,
  asked: {
    customer: string;
    end_time: number;
    start_time: number;
    value_grouping_window?: "day" | "hour" | undefined;
  },
) {
  const { customer, end_time: end, start_time: start, value_grouping_window: grouped } = asked;
  const step = grouped ? WINDOW_SECONDS[grouped] : MINUTE;
  for (const [name, moment] of [
    ["start_time", start],
    ["end_time", end],
  ] as const) {
    const unit = grouped ?? "minute";
    if (moment % step !== 0) throw invalid(`${name} must be aligned with ${unit} boundaries.`, name);
  }
  if (end <= start) throw invalid("end_time must be after start_time.", "end_time");
  const spans: { start: number; end: number }[] = [];
  if (grouped) for (let from = start; from < end; from += step) spans.push({ start: from, end: from + step });
  else spans.push({ start, end });
  return spans
    .map((span) => ({
      id: `mtrusg_test_${meter.id.slice(9)}${span.start}`,
      object: "billing.meter_event_summary" as const,
      aggregated_value: usedOf(act.store, meter, customer, span),
      end_time: span.end,
      livemode: false,
      meter: meter.id,
      start_time: span.start,
    }))
    .filter(({ aggregated_value: used }) => !grouped || used !== 0)
    .reverse();
}
