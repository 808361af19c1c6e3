import { type AttendeesRequest, attendeesOf } from "#/bookings/attendees.ts";
import { cancelSlot } from "#/bookings/cancel.ts";
import { changeSlot } from "#/bookings/change.ts";
import { checkIn } from "#/bookings/check-in.ts";
import { createSlot, findSlot, listSlots, type NewSlot, type SlotChange } from "#/bookings/manage.ts";
import { findMessage, type MessageRequest, messageAttendees, messagesOf } from "#/bookings/message.ts";
import { type NewTime, rescheduleSlot } from "#/bookings/reschedule.ts";
import { upcomingSlots } from "#/bookings/slots.ts";
import { type By, THE_APP } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { messageBody } from "#/http/admin-attendees.ts";
import { newSlot, newTime, slotChange } from "#/http/admin-slots.ts";
import { asked } from "#/http/asked.ts";
import { noteBody } from "#/http/asking.ts";
import { moveBody } from "#/http/support.ts";
import type { Asking } from "#/support/action.ts";
import { bookingChoices, cancelBooking } from "#/support/cancel-booking.ts";
import { moveBooking } from "#/support/move-booking.ts";

/** Dates, and what buyers do about their bookings themselves. */
export function bookingMethods<Key extends string>(engine: Engine) {
  return {
    /** Bookings as their buyers change them, by the product's `changes`. Support refunds, and moves a whole date, instead. */
    bookings: {
      /**
       * What the buyer of an order may do about its booking now, until when, and what canceling would give back; undefined where it has
       * no booking.
       *
       * @example
       * const choices = await oncepaid.bookings.choices(orderId);
       * if (choices?.cancel) show(choices.refund, choices.until);
       */
      choices: (orderId: string) => bookingChoices(engine, orderId),
      /**
       * Moves a booking, with all its places, to another date of the same product; told as `booking.changed` with `byBuyer`. Check first
       * that whoever asks is its buyer; `by` stands in the timeline.
       *
       * @example
       * const moved = await oncepaid.bookings.move(orderId, { slotId, by: "buyer" });
       * if (!moved.ok) show(moved.error);
       */
      move: (orderId: string, request: Asking & { slotId: string }) =>
        asked(moveBody, request, (body, who) => moveBooking(engine, orderId, { ...body, ...who })),
      /**
       * Gives a booking up, with the refund that its product promises; told as `booking.canceled` with `byBuyer`.
       *
       * @example
       * const canceled = await oncepaid.bookings.cancel(orderId, { by: "buyer" });
       * if (canceled.ok) show(canceled.refund);
       */
      cancel: (orderId: string, asking: Asking = {}) =>
        asked(noteBody, asking, (body, who) => cancelBooking(engine, orderId, { ...body, ...who })),
    },
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
       * One date; undefined where there is none.
       *
       * @example
       * const left = (await oncepaid.slots.find(slotId))?.placesLeft ?? 0;
       */
      find: (id: string) => findSlot(engine, id),
      /**
       * A new date. `timeZone` is where it takes place, `place` an address or a link, which only its buyers are shown. With
       * `key` a repetition makes no second one.
       *
       * @example
       * const time = { startsAt: new Date("2030-05-04T09:00Z"), endsAt: new Date("2030-05-04T12:00Z"), timeZone: "Europe/Berlin" };
       * await oncepaid.slots.create({ productKey: "workshop", ...time, place: "Silver Street 12", capacity: 8 }, { by: staff.email });
       */
      create: (slot: NewSlot, { by, key }: By & { key?: string } = {}) =>
        asked(newSlot, { ...slot, by, key }, (body, who) => createSlot(engine, body, who)),
      /**
       * Another time, place or capacity; whoever has booked is told (`booking.changed`). `closed` ends its sale, and begins it again.
       *
       * @example
       * await oncepaid.slots.change(slotId, { place: "Silver Street 14" }, { by: staff.email });
       * await oncepaid.slots.change(slotId, { closed: true }, { by: staff.email });
       */
      change: (id: string, change: SlotChange, { by = THE_APP }: By = {}) =>
        asked(slotChange, change, (body) => changeSlot(engine, id, body, by)),
      /**
       * Cancels a date. With `refund` everybody who booked gets the money back.
       *
       * @example
       * await oncepaid.slots.cancel(slotId, { refund: true, by: staff.email });
       */
      cancel: (id: string, { refund = false, by = THE_APP }: By & { refund?: boolean } = {}) =>
        cancelSlot(engine, id, refund, by),
      /**
       * Moves a date with everybody who has booked it; each is told `booking.changed` with `moved`.
       *
       * @example
       * const time = { startsAt: new Date("2030-05-11T09:00Z"), endsAt: new Date("2030-05-11T12:00Z") };
       * const moved = await oncepaid.slots.reschedule(slotId, time, { by: staff.email });
       */
      reschedule: (id: string, time: NewTime, { by }: By = {}) =>
        asked(newTime, time, (body) => rescheduleSlot(engine, id, body, { by })),
      /**
       * Who comes, in the order in which they bought; `next` of one page is `after` of the following one.
       *
       * @example
       * const { attendees, next } = await oncepaid.slots.attendees(slotId);
       * for (const { name, places, checkedInAt } of attendees) show(name, places, checkedInAt);
       */
      attendees: (id: string, request: AttendeesRequest = {}) => attendeesOf(engine, id, request),
      /**
       * Says that whoever booked by an order has come; with `undo` that they have not.
       *
       * @example
       * await oncepaid.slots.checkIn(orderId, { by: staff.email });
       */
      checkIn: (orderId: string, request: By & { undo?: boolean } = {}) => checkIn(engine, orderId, request),
      /**
       * Writes to everybody who has booked, once to each address: the app is told `booking.message` and sends the mail. Again under the
       * same `key` nothing happens.
       *
       * @example
       * await oncepaid.slots.message(slotId, { subject: "Bring a pencil", text: "Paper is there.", by: staff.email });
       */
      message: (id: string, request: MessageRequest) =>
        asked(messageBody, request, (body, who) => messageAttendees(engine, id, { ...body, ...who })),
      /**
       * What was written to those who booked a date, the newest first.
       *
       * @example
       * for (const { at, subject, recipients } of await oncepaid.slots.messages(slotId)) show(at, subject, recipients);
       */
      messages: (id: string) => messagesOf(engine, id),
      /**
       * One of those messages, for whoever sends it; undefined where there is none.
       *
       * @example
       * after: {
       *   "booking.message": async ({ order, messageId }, { key }) => {
       *     const message = await oncepaid.slots.findMessage(messageId);
       *     if (message && order.email) await mail(order.email, message.subject, message.text, key);
       *   },
       * }
       */
      findMessage: (messageId: string) => findMessage(engine, messageId),
    },
  };
}
