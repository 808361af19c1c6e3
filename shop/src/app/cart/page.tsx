import type { Metadata } from "next";
import type { OrderView } from "oncepaid";
import { findProduct } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { remindsOfCarts, wishOf } from "#/reminders/wishes.ts";
import { CartView } from "#/ui/cart/CartView.tsx";
import type { Cart } from "#/ui/cart/cart.ts";
import { FillCart } from "#/ui/cart/FillCart.tsx";
import { CheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { forSale } from "#/ui/offer/for-sale.ts";
import { CancelledMessage } from "#/ui/shop/CancelledMessage.tsx";
import { leftOrder } from "#/ui/shop/left-order.ts";
import { Opening } from "#/ui/shop/Opening.tsx";
import { slotChoice } from "#/ui/slots/slot-choice.ts";
import { visitor } from "#/ui/visitor/visitor.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("cart.title"), robots: { index: false, follow: false } };
}

type Query = Promise<Record<string, string | string[] | undefined>>;

/** The browser knows what is in the cart, the server what that is and costs: this brings the two together. */
export default async function CartPage({ searchParams }: { searchParams: Query }) {
  const { locale, t } = await pageLanguage();
  const sold = await oncepaid().products({ currency: await pageCurrency() });
  const dates = await Promise.all(
    sold.flatMap(({ product }) =>
      KINDS[product.kind].dated ? [oncepaid().slots.upcoming(product.key)] : [],
    ),
  );
  const { checkout, order_id } = await searchParams;
  const left = await leftOrder(order_id);
  return (
    <>
      {checkout === "cancelled" && <CancelledMessage inCart />}
      {left && <FillCart cart={cartOf(left)} />}
      <Opening title={t("cart.title")} lead={t("cart.lead")} />
      <CheckoutTurn>
        <CartView
          offers={sold.map((offer) => forSale(offer, locale, t))}
          reminded={await reminded()}
          slots={dates.flat().map((slot) => ({ ...slotChoice(slot, locale), productKey: slot.productKey }))}
        />
      </CheckoutTurn>
    </>
  );
}

/** Whether who is signed in is reminded of carts they leave; undefined where that isn't offered. */
async function reminded(): Promise<boolean | undefined> {
  const { email, userId } = await visitor();
  if (!remindsOfCarts() || email === null || userId === undefined) return undefined;
  return (await wishOf(userId)) !== undefined;
}

/** The cart that led to an order, as the browser keeps carts; without what isn't sold any more. */
function cartOf({ cartId, items, booking }: OrderView): Cart {
  const lines = items.flatMap(({ productKey, quantity, price }) => {
    const kind = findProduct(productKey)?.kind;
    if (kind === undefined) return [];
    const slotId = KINDS[kind].dated ? booking?.slotId : undefined;
    return [
      {
        productKey,
        kind,
        quantity,
        ...(price !== null && { price }),
        ...(slotId !== undefined && { slotId }),
      },
    ];
  });
  return { id: cartId, lines };
}
