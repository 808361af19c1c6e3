"use client";

import { useSyncExternalStore } from "react";
import { type Cart, currentCart, onCartChange } from "#/ui/cart/cart.ts";

const onServer = () => undefined;

/** The cart as it is now; undefined until the browser, which alone knows it, has taken over the page. */
export function useCart(): Cart | undefined {
  return useSyncExternalStore<Cart | undefined>(onCartChange, currentCart, onServer);
}
