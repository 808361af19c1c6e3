import type { Offer } from "#/catalog/offers.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { productText } from "#/ui/language/product-text.ts";
import { Icon, type IconName } from "#/ui/look/Icon.tsx";
import { Ticket } from "#/ui/look/Ticket.tsx";
import { formatMoney } from "#/ui/money.ts";
import { Buy } from "#/ui/shop/Buy.tsx";
import { BuySeats } from "#/ui/shop/BuySeats.tsx";
import classes from "#/ui/shop/OfferTicket.module.css";
import { PriceTag } from "#/ui/shop/PriceTag.tsx";
import { renewalText } from "#/ui/shop/price-text.ts";

const ICONS: Record<Offer["product"]["kind"], IconName> = {
  download: "book",
  plan: "seats",
  booking: "workshop",
};

export async function OfferTicket({ offer: { product, price } }: { offer: Offer }) {
  const { locale, t } = await pageLanguage();
  const { key, kind, maxQuantity } = product;
  const text = productText(locale, key);
  const renewal = renewalText(price, t);
  const seats = kind === "plan";
  const terms = [seats ? t("catalog.perSeat") : undefined, renewal ?? t("catalog.once")];
  const tag = price ? (
    <PriceTag
      amount={formatMoney(price.unitAmount, price.currency, locale, "short")}
      terms={terms.filter((term) => term !== undefined).join(" · ")}
    />
  ) : (
    <PriceTag amount={t("catalog.priceLater")} terms={t("catalog.priceLaterText")} unknown />
  );
  const stub = seats ? (
    <BuySeats
      productKey={key}
      productName={text.name}
      maxQuantity={maxQuantity}
      price={price && { unitAmount: price.unitAmount, currency: price.currency, renewal }}
    >
      {tag}
    </BuySeats>
  ) : (
    <>
      <p className={classes.price} data-testid={`price-${key}`}>
        {tag}
      </p>
      <Buy productKey={key} productName={text.name} quantity={1} />
    </>
  );
  return (
    <Ticket stub={stub}>
      <p className={classes.kind} data-kind={kind}>
        <span className={classes.icon}>
          <Icon name={ICONS[kind]} size={24} />
        </span>
        {t(`catalog.kind.${kind}`)}
      </p>
      <h3 className={classes.name}>{text.name}</h3>
      <p className={classes.description}>{text.description}</p>
      <ul className={classes.gets} aria-label={t("catalog.gets", { product: text.name })}>
        {text.gets.map((what) => (
          <li key={what}>
            <Icon name="check" size={18} />
            {what}
          </li>
        ))}
      </ul>
    </Ticket>
  );
}
