import Link from "next/link";
import { productText, type ShopOffer } from "#/catalog/products.ts";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { Ticket } from "#/ui/look/Ticket.tsx";
import { forSale } from "#/ui/offer/for-sale.ts";
import { KindLine } from "#/ui/offer/KindLine.tsx";
import { OfferPrice } from "#/ui/offer/OfferPrice.tsx";
import { DatesStub } from "#/ui/shop/DatesStub.tsx";
import classes from "#/ui/shop/OfferTicket.module.css";
import { PurchaseBox } from "#/ui/shop/PurchaseBox.tsx";
import { StandingNote } from "#/ui/shop/StandingNote.tsx";

/** A product in the list: what it is, and below the perforation the quickest way to have it. */
export async function OfferTicket({ offer }: { offer: ShopOffer }) {
  const { locale, t } = await pageLanguage();
  const { key, kind } = offer.product;
  const { label, name, description, gets } = productText(locale, key);
  const stub = KINDS[kind].dated ? (
    <DatesStub offer={offer} />
  ) : (
    <PurchaseBox offer={forSale(offer, locale, t)} countable={KINDS[kind].each !== undefined}>
      <OfferPrice offer={offer} />
    </PurchaseBox>
  );
  return (
    <Ticket
      stub={
        <>
          <StandingNote productKey={key} kind={kind} />
          {stub}
        </>
      }
    >
      <KindLine kind={kind} label={label} />
      <h3 className={classes.name}>
        <Link href={`/products/${key}`} prefetch={false} className={classes.link}>
          {name}
        </Link>
      </h3>
      <p className={classes.description}>{description}</p>
      <ul className={classes.gets} aria-label={t("catalog.gets", { product: name })}>
        {gets.map((what) => (
          <li key={what}>
            <Icon name="check" size={18} />
            {what}
          </li>
        ))}
      </ul>
    </Ticket>
  );
}
