import type { PublicSlot } from "oncepaid";
import type { Locale } from "#/locale.ts";
import { dayOf, hoursOf, zoneOf } from "#/ui/slots/slot-text.ts";

/** A date to choose, told in the reader's language. The server writes it, so that every browser says the same. */
export type SlotChoice = {
  id: string;
  startsAt: string;
  timeZone: string;
  day: string;
  hours: string;
  zone: string;
  /** Null where it is a link that comes with the booking. */
  place: string | null;
  placesLeft: number;
};

export function slotChoice(slot: PublicSlot, locale: Locale): SlotChoice {
  const { id, startsAt, timeZone, place, placesLeft } = slot;
  return {
    id,
    startsAt,
    timeZone,
    day: dayOf(slot, locale),
    hours: hoursOf(slot, locale),
    zone: zoneOf(slot, locale),
    place,
    placesLeft,
  };
}
