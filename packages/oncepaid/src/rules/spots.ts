/** What becomes of an order's spot: the seats it holds, or has booked, in a slot. Pure. */

/**
 * - `held`: kept from other buyers while the order can be paid.
 * - `booked`: paid.
 * - `released`: for sale again.
 * - `refused`: paid when no spot was left.
 */
export type SpotState = "held" | "booked" | "released" | "refused";

export type Spot = {
  state: SpotState;
  /** Booking it was tried and is impossible: too few seats are left, or the date is canceled or has begun. */
  full: boolean;
  /** As many as its row has. */
  places?: number;
};

/** What the facts say of the order the spot belongs to. */
type Situation = {
  paid: boolean;
  /** What was paid for it is back with the buyer, and by the product's policy it is for sale again. */
  givenBack: boolean;
  /** Nobody can pay the order any more. */
  lapsed: boolean;
};

/** A delayed payment that is on its way is neither paid nor lapsed: the spot stays held for as long as that takes. */
export function spotAfter(spot: Spot, { paid, givenBack, lapsed }: Situation): SpotState {
  // The buyer knows of it and gets the money back: nothing that is heard later makes it a spot again.
  if (spot.state === "refused") return "refused";
  if (paid && givenBack) return "released";
  // Where it is booked already, only a place that had been given back can't be had again.
  if (paid) return spot.full && spot.state !== "booked" ? "refused" : "booked";
  return lapsed ? "released" : spot.state;
}
