"use client";

import { useEffect } from "react";
import { type Cart, currentCart, fillCart } from "#/ui/cart/cart.ts";

/** Puts back what a left cart held, on a browser that has nothing in its own: another device, or one that was cleared. */
export function FillCart({ cart }: { cart: Cart }) {
  useEffect(() => {
    const { id, lines } = currentCart();
    // One with the same id was emptied by its buyer.
    if (lines.length === 0 && id !== cart.id) fillCart(cart);
  }, [cart]);
  return null;
}
