import type { ShopOffer } from "#/catalog/products.ts";
import { formatMoney } from "#/texts/money.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { forSale } from "#/ui/offer/for-sale.ts";
import { PriceTag } from "#/ui/offer/PriceTag.tsx";

/** What one of it costs, and for what. */
export async function OfferPrice({ offer }: { offer: ShopOffer }) {
  const { locale, t } = await pageLanguage();
  const [price] = forSale(offer, locale, t).prices;
  if (!price)
    return <PriceTag amount={t("catalog.priceLater")} terms={t("catalog.priceLaterText")} unknown />;
  return (
    <PriceTag amount={formatMoney(price.unitAmount, price.currency, locale, "short")} terms={price.terms} />
  );
}
