import { productText, type ShopOffer } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { forSale } from "#/ui/offer/for-sale.ts";
import { OfferPrice } from "#/ui/offer/OfferPrice.tsx";
import classes from "#/ui/shop/DatesStub.module.css";
import { PurchaseBox } from "#/ui/shop/PurchaseBox.tsx";
import { slotChoice } from "#/ui/slots/slot-choice.ts";

/** A ticket's stub for what is sold by date: one date can be bought at once, several are chosen on the product's page. */
export async function DatesStub({ offer }: { offer: ShopOffer }) {
  const { locale, t } = await pageLanguage();
  const { key } = offer.product;
  const slots = (await oncepaid().slots.upcoming(key)).map((slot) => slotChoice(slot, locale));
  const open = slots.filter(({ placesLeft }) => placesLeft > 0);
  const [next] = open;
  const when = next
    ? t("slot.next", { date: next.day })
    : t(slots.length === 0 ? "slot.none" : "slot.allSoldOut");
  const date = (
    <span className={classes.date} data-testid={`date-${key}`}>
      {when}
    </span>
  );
  if (next && open.length === 1) {
    return (
      <PurchaseBox offer={forSale(offer, locale, t)} slots={[next]} countable={false}>
        <OfferPrice offer={offer} />
        {date}
      </PurchaseBox>
    );
  }
  const word = t(next ? "slot.choose" : "slot.look");
  return (
    <>
      <div className={classes.price} data-testid={`price-${key}`}>
        <OfferPrice offer={offer} />
        {date}
      </div>
      <LinkButton
        href={`/products/${key}`}
        wide
        quiet={!next}
        name={`${word}: ${productText(locale, key).name}`}
      >
        {word}
      </LinkButton>
    </>
  );
}
