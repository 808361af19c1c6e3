import type { CartLine } from "#/ui/cart/rules.ts";
import type { ForSale, PriceForSale } from "#/ui/offer/for-sale.ts";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";

/** One thing in the cart, with what it is, what it costs as far as that is known, and the date it is for. */
export type CartEntry = {
  line: CartLine;
  offer: ForSale;
  price: PriceForSale | undefined;
  slot: SlotChoice | undefined;
};
