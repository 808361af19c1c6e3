import { newCartId } from "#/ui/cart/cart-id.ts";
import { drop, keep, kept, keptKeys } from "#/ui/cart/storage.ts";

/**
 * Buying one product at once: an id per product for one intention to buy, kept until that is paid, so that every way
 * back to the Buy button leads to the same payment.
 */
const PREFIX = "oncepaid:cart:";

export function cartOf(productKey: string): string {
  return kept(PREFIX + productKey) ?? newCart(productKey);
}

export function newCart(productKey: string): string {
  const cartId = newCartId();
  keep(PREFIX + productKey, cartId);
  return cartId;
}

/** The cart was paid: whoever presses Buy now means to buy again. */
export function forgetBuyNow(cartId: string): void {
  for (const key of keptKeys(PREFIX)) if (kept(key) === cartId) drop(key);
}
