/** What becomes of the places an order holds in a slot. Pure. */

/** `refused`: it was paid when no place was left. */
export type PlaceState = "held" | "booked" | "released" | "refused";

export type Place = {
  state: PlaceState;
  /** Taking it was tried and found impossible: no place is left, or the date is canceled or has begun. */
  full: boolean;
};

type Situation = {
  paid: boolean;
  /** What was paid for it is back with the buyer, and with that its places are for sale again. */
  givenBack: boolean;
  /** Nobody can pay it any more. */
  lapsed: boolean;
};

/** A delayed payment neither lapses nor is paid, so its places stay held for as long as it takes. */
export function placeAfter(place: Place, { paid, givenBack, lapsed }: Situation): PlaceState {
  // The buyer is told so and the money is on its way back: nothing that is heard later makes it a place again.
  if (place.state === "refused") return "refused";
  if (paid && givenBack) return "released";
  if (paid) return place.full ? "refused" : "booked";
  return lapsed ? "released" : place.state;
}
