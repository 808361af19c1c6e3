"use client";

import { newCart } from "#/ui/cart/buy-now.ts";
import { Buy } from "#/ui/checkout/Buy.tsx";
import type { Contents } from "#/ui/checkout/open-checkout.ts";

type ResumeCheckoutProps = { cartId: string; label: string; contents: Contents & { productKey: string } };

/** The same cart with the same contents leads to the same payment page. */
export function ResumeCheckout({ cartId, label, contents }: ResumeCheckoutProps) {
  return (
    <Buy
      id="again"
      label={label}
      contents={contents}
      cart={{ current: () => cartId, renew: () => newCart(contents.productKey) }}
    />
  );
}
