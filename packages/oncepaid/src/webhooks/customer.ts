import { z } from "zod";
import type { Engine } from "#/engine.ts";
import { parseJson } from "#/json.ts";
import { changeAddress, forgetCustomer } from "#/orders/customers.ts";
import { type Applied, keepEvent } from "#/orders/stored-events.ts";
import type { ParsedEvent } from "#/webhooks/event.ts";

/**
 * What is told about a customer, of whom there may be several orders. Only what never differs between API versions is read:
 * the id, and an address that has changed.
 */

const customerObject = z.object({ id: z.string(), email: z.string().nullish() });
/** A thin event doesn't say what has changed. */
const change = z.object({
  data: z.object({ previous_attributes: z.object({ email: z.string().nullish() }).nullish() }).optional(),
});

/** Safe to do twice. */
export async function applyCustomer(engine: Engine, event: ParsedEvent): Promise<Applied> {
  const parsed = customerObject.safeParse(event.object);
  if (!parsed.success) return keepEvent(engine, event, "quarantined", "It tells of no customer.");
  const customer = parsed.data;
  if (event.type === "customer.deleted") {
    await forgetCustomer(engine, customer.id);
    return keepEvent(engine, event, "applied", null);
  }
  const before = change.safeParse(parseJson(event.payload)).data?.data?.previous_attributes;
  if (before?.email === undefined || !customer.email) {
    return keepEvent(engine, event, "ignored", "Nothing here depends on what has changed.");
  }
  await changeAddress(engine, customer.id, customer.email, event.created);
  return keepEvent(engine, event, "applied", null);
}
