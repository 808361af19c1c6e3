import { z } from "zod";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { hash, oneOf, text, timestamp } from "../api/params.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { dropUsage, recordUsage } from "../billing/usage.ts";
import { randomText } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { meterOf } from "./meters.ts";

const DAY = 86_400;
const OLDEST_DAYS = 35;
const AHEAD_SECONDS = 5 * 60;

export const meterEvents = [
  endpoint({
    method: "POST",
    path: "/v1/billing/meter_events",
    creates: true,
    params: hash({
      event_name: text(100),
      identifier: text(100).optional(),
      payload: z.record(z.string(), z.string()),
      timestamp: timestamp().optional(),
    }),
    run(given, params) {
      const { event_name: eventName, payload } = params;
      const meter = activeMeter(given, eventName);
      const { customer, value } = readPayload(given, meter, payload);
      const act = inTimeOf(given, customer);
      const { identifier = `mtrevt_${randomText(24)}`, timestamp: at = act.now } = params;
      if (at > act.now + AHEAD_SECONDS || at < act.now - OLDEST_DAYS * DAY) {
        const problem = `The timestamp must be within the past ${OLDEST_DAYS} calendar days or up to 5 minutes in the future.`;
        throw invalid(problem, "timestamp", "timestamp_too_far_in_past");
      }
      recordUsage(act, { at, customer: customer.id, eventName, identifier, value });
      return {
        object: "billing.meter_event",
        created: act.now,
        event_name: eventName,
        identifier,
        livemode: false,
        payload,
        timestamp: at,
      };
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/billing/meter_event_adjustments",
    creates: true,
    params: hash({
      cancel: hash({ identifier: text(100).optional() }).optional(),
      event_name: text(100),
      type: oneOf("cancel"),
    }),
    run(act, { cancel, event_name: eventName, type }) {
      const identifier = cancel?.identifier;
      if (identifier === undefined) throw missing("cancel[identifier]");
      activeMeter(act, eventName);
      if (!dropUsage(act.store, eventName, identifier)) {
        throw noSuch("meter event", identifier, "cancel[identifier]");
      }
      return {
        object: "billing.meter_event_adjustment",
        cancel: { identifier },
        event_name: eventName,
        livemode: false,
        status: "complete",
        type,
      };
    },
  }),
];

function activeMeter(act: Act, eventName: string): Kinds["billing.meter"] {
  const meter = meterOf(act, eventName);
  if (!meter) throw invalid(`No active meter found for event name ${eventName}.`, "event_name");
  return meter;
}

/** Whom and how much an event is about. Stripe finds both out later; here what is wrong is refused at once. */
function readPayload(
  act: Act,
  meter: Kinds["billing.meter"],
  payload: Record<string, string>,
): { customer: Kinds["customer"]; value: number } {
  const { customer_mapping: mapping, default_aggregation: aggregation, value_settings: settings } = meter;
  const id = payload[mapping.event_payload_key];
  if (id === undefined) throw missing(`payload[${mapping.event_payload_key}]`);
  const customer = act.store.find("customer", id);
  if (!customer) throw noSuch("customer", id, `payload[${mapping.event_payload_key}]`);
  const said = payload[settings.event_payload_key];
  if (aggregation.formula === "count") return { customer, value: 1 };
  if (said === undefined) throw missing(`payload[${settings.event_payload_key}]`);
  if (!/^-?\d{1,15}(\.\d{1,12})?$/.test(said)) {
    throw invalid(`Invalid value: ${said}`, `payload[${settings.event_payload_key}]`);
  }
  return { customer, value: Number(said) };
}
