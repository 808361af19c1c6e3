import type { BookingChoices, BookingView, OrderView } from "oncepaid";
import { findProduct, products, productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { formatMoney } from "#/texts/money.ts";
import { bookingRule } from "#/ui/account/booking-rule.ts";
import { CancelBooking } from "#/ui/account/CancelBooking.tsx";
import classes from "#/ui/account/ChangeBookingPage.module.css";
import { MoveBooking } from "#/ui/account/MoveBooking.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import { BookedTime } from "#/ui/slots/BookedTime.tsx";
import { roomFor } from "#/ui/slots/room-for.ts";
import { slotChoice } from "#/ui/slots/slot-choice.ts";

type ChangeBookingPageProps = { order: OrderView; booking: BookingView; choices: BookingChoices };

/** Another date, or the end of a booking: what its product lets a buyer do, until when, and what comes of it. */
export async function ChangeBookingPage({ order, booking, choices }: ChangeBookingPageProps) {
  const { locale, t } = await pageLanguage();
  const key = order.entitlements.find(({ kind }) => kind === "booking")?.productKey ?? "";
  const { currency, id } = order;
  const dates = choices.move ? await otherDates(key, booking) : [];
  const refund =
    currency === null || choices.refund === 0 ? undefined : formatMoney(choices.refund, currency, locale);
  const paid = isPaid(order, key);
  const product = findProduct(key);
  const givesBack = paid && product?.kind === "booking" && product.changes?.cancel === "refund";
  const rule = bookingRule({ booking, choices, givesBack }, new Date());
  return (
    <article className={classes.page} data-testid="change-booking">
      <h1 className={classes.heading}>{productText(locale, key).name}</h1>
      <BookedTime booking={booking} />
      <p className={classes.rule} data-testid="booking-rule">
        {t.rich(`changeBooking.${rule}`, { time: () => <LocalTime at={choices.until ?? ""} /> })}
      </p>
      {choices.move && (
        <section className={classes.section} aria-labelledby="move">
          <h2 id="move" className={classes.title}>
            {t("changeBooking.move")}
          </h2>
          {dates.length === 0 ? (
            <p>{t("changeBooking.noDates")}</p>
          ) : (
            <MoveBooking orderId={id} slots={dates.map((slot) => slotChoice(slot, locale))} />
          )}
        </section>
      )}
      {choices.cancel && (
        <section className={classes.section} aria-labelledby="cancel">
          <h2 id="cancel" className={classes.title}>
            {t("changeBooking.cancel")}
          </h2>
          <CancelBooking orderId={id} refund={refund} paid={paid} />
        </section>
      )}
      <p>
        <LinkButton href="/account" quiet>
          {t("changeBooking.back")}
        </LinkButton>
      </p>
    </article>
  );
}

/** Something was paid for it: an order may have been free, or this line of it. */
function isPaid({ amountTotal, items }: OrderView, key: string): boolean {
  return (amountTotal ?? 0) > 0 && items.find(({ productKey }) => productKey === key)?.unitAmount !== 0;
}

async function otherDates(key: string, booking: BookingView) {
  const product = products.find((one) => one.key === key);
  return product ? roomFor(booking, await oncepaid().slots.upcoming(product.key)) : [];
}
