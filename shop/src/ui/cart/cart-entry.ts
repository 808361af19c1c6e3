import type { CartLine } from "#/ui/cart/rules.ts";
import type { ForSale } from "#/ui/offer/for-sale.ts";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";

/** One thing in the cart, with what it is and the date it is for. */
export type CartEntry = { line: CartLine; offer: ForSale; slot: SlotChoice | undefined };
