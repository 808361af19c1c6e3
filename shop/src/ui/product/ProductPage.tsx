import Link from "next/link";
import { productText, type ShopOffer } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { CheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { KINDS } from "#/ui/kinds/traits.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { Ticket } from "#/ui/look/Ticket.tsx";
import { forSale } from "#/ui/offer/for-sale.ts";
import { KindLine } from "#/ui/offer/KindLine.tsx";
import { OfferPrice } from "#/ui/offer/OfferPrice.tsx";
import { About } from "#/ui/product/About.tsx";
import { Pictures } from "#/ui/product/Pictures.tsx";
import { ProductData } from "#/ui/product/ProductData.tsx";
import classes from "#/ui/product/ProductPage.module.css";
import { ProductParts } from "#/ui/product/ProductParts.tsx";
import { Terms } from "#/ui/product/Terms.tsx";
import { PurchaseBox } from "#/ui/shop/PurchaseBox.tsx";
import { StandingNote } from "#/ui/shop/StandingNote.tsx";
import { WaitingList } from "#/ui/shop/WaitingList.tsx";
import { slotChoice } from "#/ui/slots/slot-choice.ts";

/** One product with all there is to know before buying it, and everything to choose about it. */
export async function ProductPage({ offer }: { offer: ShopOffer }) {
  const { locale, t } = await pageLanguage();
  const { product } = offer;
  const { label, name, description, gets } = productText(locale, product.key);
  const dates = KINDS[product.kind].dated ? await oncepaid().slots.upcoming(product.key) : undefined;
  const slots = dates?.map((slot) => slotChoice(slot, locale));
  return (
    <article className={classes.page} data-dated={slots !== undefined}>
      <ProductData offer={offer} slots={dates} />
      <div className={classes.about}>
        <Link href="/" className={classes.back}>
          ← {t("product.back")}
        </Link>
        <KindLine kind={product.kind} label={label} />
        <h1 className={classes.name}>{name}</h1>
        <p className={classes.description}>{description}</p>
      </div>
      <div className={classes.pictures}>
        <Pictures pictures={product.pictures} />
      </div>
      <div className={classes.ticket}>
        <CheckoutTurn>
          <Ticket
            stub={
              slots?.length === 0 ? (
                <p className={classes.none} data-testid="no-dates">
                  {t("slot.none")}
                </p>
              ) : (
                <>
                  <StandingNote productKey={product.key} kind={product.kind} />
                  <PurchaseBox
                    offer={forSale(offer, locale, t)}
                    {...(slots && { slots })}
                    countable={KINDS[product.kind].each !== undefined}
                  >
                    <OfferPrice offer={offer} />
                  </PurchaseBox>
                  {slots && <WaitingList productKey={product.key} slots={slots} />}
                </>
              )
            }
          >
            <h2 className={classes.getsTitle}>{t("catalog.gets", { product: name })}</h2>
            <ul className={classes.gets}>
              {gets.map((what) => (
                <li key={what}>
                  <Icon name="check" size={18} />
                  {what}
                </li>
              ))}
            </ul>
          </Ticket>
        </CheckoutTurn>
      </div>
      <div className={classes.details}>
        <About product={product} />
        <ProductParts product={product} />
        <Terms product={product} />
      </div>
    </article>
  );
}
