import { stemOf } from "../ids.ts";
import type { Told } from "../wire.ts";
import type { Change } from "./cause.ts";

/** The lane of each change: whatever it emits belongs together. */
const lanes = new WeakMap<Change, string>();

/**
 * Names what an event belongs to: the customer, the payment of a guest, or the object itself. Events of one lane are
 * never sent side by side, however many the courier sends at once.
 */
export function laneOf(change: Change, object: Told): string {
  const known = lanes.get(change);
  if (known) return known;
  const lane = rootOf(change, object);
  lanes.set(change, lane);
  return lane;
}

function rootOf(change: Change, object: Told): string {
  if (object.object === "customer") return object.id;
  if ("customer" in object && typeof object.customer === "string") return object.customer;
  if (object.object === "dispute") {
    const charge = change.store.find("charge", object.charge);
    return charge?.customer ?? stemOf(object.charge);
  }
  if (object.object === "charge" || object.object === "payment_intent") return stemOf(object.id);
  if ("payment_intent" in object && typeof object.payment_intent === "string")
    return stemOf(object.payment_intent);
  return "id" in object ? object.id : object.object;
}
