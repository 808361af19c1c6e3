import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { CartView } from "#/ui/cart/CartView.tsx";
import { CheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { forSale } from "#/ui/offer/for-sale.ts";
import { Opening } from "#/ui/shop/Opening.tsx";
import { slotChoice } from "#/ui/slots/slot-choice.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("cart.title"), robots: { index: false, follow: false } };
}

/** The browser knows what is in the cart, the server what that is and costs: this brings the two together. */
export default async function CartPage() {
  const { locale, t } = await pageLanguage();
  const sold = await oncepaid().products({ currency: await pageCurrency() });
  const dates = await Promise.all(
    sold.flatMap(({ product }) =>
      KINDS[product.kind].dated ? [oncepaid().slots.upcoming(product.key)] : [],
    ),
  );
  return (
    <>
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
