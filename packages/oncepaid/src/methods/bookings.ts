import { cancelSlot } from "#/bookings/cancel.ts";
import { changeSlot } from "#/bookings/change.ts";
import { createSlot, listSlots, type NewSlot, type SlotChange } from "#/bookings/manage.ts";
import { upcomingSlots } from "#/bookings/slots.ts";
import type { Engine } from "#/engine.ts";

/** Dates. */
export function bookingMethods<Key extends string>(engine: Engine) {
  return {
    /** The dates that are sold. */
    slots: {
      /**
       * The dates of a product that can still be booked, as a buyer sees them.
       *
       * @example
       * for (const { id, startsAt, placesLeft } of await oncepaid.slots.upcoming("workshop")) show(id, startsAt, placesLeft);
       */
      upcoming: (productKey: Key) => upcomingSlots(engine, productKey),
      /**
       * Every date, with what is held and booked.
       *
       * @example
       * const full = (await oncepaid.slots.list()).filter(({ booked, capacity }) => booked === capacity);
       */
      list: () => listSlots(engine),
      /**
       * A new date. `timeZone` is where it takes place, `place` an address or a link, which only its buyers are shown.
       *
       * @example
       * const time = { startsAt: new Date("2030-05-04T09:00Z"), endsAt: new Date("2030-05-04T12:00Z"), timeZone: "Europe/Berlin" };
       * await oncepaid.slots.create({ productKey: "workshop", ...time, place: "Silver Street 12", capacity: 8 }, { by: staff.email });
       */
      create: (slot: NewSlot, { by }: { by: string }) => createSlot(engine, slot, by),
      /**
       * Another time, place or capacity; whoever has booked is told (`booking.changed`).
       *
       * @example
       * await oncepaid.slots.change(slotId, { place: "Silver Street 14" }, { by: staff.email });
       */
      change: (id: string, change: SlotChange, { by }: { by: string }) => changeSlot(engine, id, change, by),
      /**
       * Cancels a date. With `refund` everybody who booked gets the money back.
       *
       * @example
       * await oncepaid.slots.cancel(slotId, { refund: true, by: staff.email });
       */
      cancel: (id: string, { refund, by }: { refund: boolean; by: string }) =>
        cancelSlot(engine, id, refund, by),
    },
  };
}
