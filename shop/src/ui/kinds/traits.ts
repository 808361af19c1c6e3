import type { Product } from "oncepaid";
import type { IconName } from "#/ui/look/Icon.tsx";

export type Kind = Product["kind"];

/** What pages ask about kinds of products in general. The parts that run in the browser read this too. */
type Traits = {
  icon: IconName;
  /** What the price is for, where a number of them is bought. */
  each: "catalog.perSeat" | "catalog.perPlace" | undefined;
  /** It has a payment of its own, so that a cart holds one of them at most. */
  alone: boolean;
  /** A buyer chooses a date. */
  dated: boolean;
  /** Where it stands in the account. */
  section: string;
};

export const KINDS: Record<Kind, Traits> = {
  download: { icon: "book", each: undefined, alone: false, dated: false, section: "downloads" },
  plan: { icon: "seats", each: "catalog.perSeat", alone: true, dated: false, section: "plans" },
  booking: { icon: "workshop", each: "catalog.perPlace", alone: true, dated: true, section: "bookings" },
};

/** What is stored or sent may be of an older shop. */
export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(KINDS, value);
}
