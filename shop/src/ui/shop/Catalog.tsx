import { oncepaid } from "#/oncepaid.ts";
import { CheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/shop/Catalog.module.css";
import { OfferTicket } from "#/ui/shop/OfferTicket.tsx";

export async function Catalog() {
  const { t } = await pageLanguage();
  const forSale = await oncepaid().products({ currency: await pageCurrency() });
  return (
    <section aria-labelledby="catalog">
      <h2 id="catalog" className={classes.title}>
        {t("catalog.title")}
      </h2>
      {forSale.length === 0 && <p className={classes.empty}>{t("catalog.empty")}</p>}
      <CheckoutTurn>
        <ul className={classes.list}>
          {forSale.map((offer) => (
            <li key={offer.product.key} data-testid={`offer-${offer.product.key}`}>
              <OfferTicket offer={offer} />
            </li>
          ))}
        </ul>
      </CheckoutTurn>
    </section>
  );
}
