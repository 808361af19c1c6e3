import type { ShopOffer } from "#/catalog/products.ts";
import { formatMoney } from "#/texts/money.ts";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { PriceTag } from "#/ui/offer/PriceTag.tsx";
import { renewalText } from "#/ui/offer/price-text.ts";

/** What one of it costs, and for what. */
export async function OfferPrice({ offer: { product, price } }: { offer: ShopOffer }) {
  const { locale, t } = await pageLanguage();
  if (!price)
    return <PriceTag amount={t("catalog.priceLater")} terms={t("catalog.priceLaterText")} unknown />;
  const { each } = KINDS[product.kind];
  const terms = [each && t(each), renewalText(price, t) ?? t("catalog.once")];
  return (
    <PriceTag
      amount={formatMoney(price.unitAmount, price.currency, locale, "short")}
      terms={terms.filter((term) => term !== undefined).join(" · ")}
    />
  );
}
