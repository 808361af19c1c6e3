import { forgetBuyNow } from "#/ui/cart/buy-now.ts";
import { forgetPaidCart } from "#/ui/cart/cart.ts";

/** The cart was paid: the next purchase begins a new one. */
export function forgetCart(cartId: string): void {
  forgetBuyNow(cartId);
  forgetPaidCart(cartId);
}
