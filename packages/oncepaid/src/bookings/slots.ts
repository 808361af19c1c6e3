import type { Selectable } from "kysely";
import { isLink } from "#/bookings/link.ts";
import type { Slot } from "#/database/schema.ts";
import type { Engine } from "#/engine.ts";

/** A date as the shop has it. Times are ISO 8601 in UTC; `timeZone` (an IANA name) is where it takes place. */
export type SlotView = {
  id: string;
  productKey: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** An address or a link. */
  place: string;
  capacity: number;
  placesLeft: number;
};

/** A date as everybody may see it: `place` is null where it is a link. */
export type PublicSlot = Omit<SlotView, "place"> & { place: string | null };

/** The dates of a product that are to come and not closed, the next one first; those without a place left too. */
export async function upcomingSlots(engine: Engine, productKey: string): Promise<PublicSlot[]> {
  const slots = await engine.database.db
    .selectFrom("slot")
    .selectAll()
    .where("product_key", "=", productKey)
    .where("canceled_at", "is", null)
    .where("closed_at", "is", null)
    .where(({ eb, fn }) => eb("starts_at", ">", fn<Date>("now")))
    .orderBy("starts_at")
    .orderBy("id")
    .execute();
  return slots.map(viewSlot).map((slot) => ({ ...slot, place: isLink(slot.place) ? null : slot.place }));
}

export function viewSlot(slot: Selectable<Slot>): SlotView {
  return {
    id: slot.id,
    productKey: slot.product_key,
    startsAt: slot.starts_at.toISOString(),
    endsAt: slot.ends_at.toISOString(),
    timeZone: slot.time_zone,
    place: slot.place,
    capacity: slot.capacity,
    placesLeft: slot.capacity - slot.taken,
  };
}
