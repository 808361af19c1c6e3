import type { BookingChoices, BookingView } from "oncepaid";

/** Which sentence tells a buyer what can be done about a booking, or why nothing can; each is a text of `changeBooking`. */
export type BookingRule = "canceling" | "cancelingUnpaid" | "over" | "never" | "late" | "notHere" | "until";

type Booking = {
  booking: Pick<BookingView, "state" | "canceledAt">;
  choices: BookingChoices;
  /** Canceling it gives money back. */
  givesBack: boolean;
};

/** Pure. */
export function bookingRule({ booking, choices, givesBack }: Booking, now: Date): BookingRule {
  const { until, move, cancel, canceling } = choices;
  if (canceling) return givesBack ? "canceling" : "cancelingUnpaid";
  if (booking.state !== "booked" || booking.canceledAt !== null) return "over";
  if (until === null) return "never";
  if (now > new Date(until)) return "late";
  // Moved as often as it may be, or its money is disputed or given back already: only a person can tell.
  return move || cancel ? "until" : "notHere";
}
