import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { CartView } from "#/ui/cart/CartView.tsx";
import { CheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { forSale } from "#/ui/offer/for-sale.ts";
import { CancelledMessage } from "#/ui/shop/CancelledMessage.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";
import { slotChoice } from "#/ui/slots/slot-choice.ts";

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
  return (
    <>
      {(await searchParams).checkout === "cancelled" && <CancelledMessage inCart />}
      <Opening title={t("cart.title")} lead={t("cart.lead")} />
      <CheckoutTurn>
        <CartView
          offers={sold.map((offer) => forSale(offer, locale, t))}
          slots={dates.flat().map((slot) => ({ ...slotChoice(slot, locale), productKey: slot.productKey }))}
        />
      </CheckoutTurn>
    </>
  );
}
