import type { BookingView, PublicSlot } from "oncepaid";

/** Pure: the other dates that have room for all places of a booking. */
export function roomFor({ slotId, places }: BookingView, slots: readonly PublicSlot[]): PublicSlot[] {
  return slots.filter(({ id, placesLeft }) => id !== slotId && placesLeft >= places);
}
