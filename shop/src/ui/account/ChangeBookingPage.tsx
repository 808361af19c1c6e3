import type { BookingChoices, BookingView, OrderView } from "oncepaid";
import { products, productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { formatMoney } from "#/texts/money.ts";
import { CancelBooking } from "#/ui/account/CancelBooking.tsx";
import classes from "#/ui/account/ChangeBookingPage.module.css";
import { MoveBooking } from "#/ui/account/MoveBooking.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import { BookedTime } from "#/ui/slots/BookedTime.tsx";
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
  return (
    <article className={classes.page} data-testid="change-booking">
      <h1 className={classes.heading}>{productText(locale, key).name}</h1>
      <BookedTime booking={booking} />
      <p className={classes.rule} data-testid="booking-rule">
        {await ruleText(booking, choices)}
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
          <CancelBooking orderId={id} refund={refund} />
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

async function otherDates(key: string, { slotId, places }: BookingView) {
  const product = products.find((one) => one.key === key);
  const all = product ? await oncepaid().slots.upcoming(product.key) : [];
  return all.filter(({ id, placesLeft }) => id !== slotId && placesLeft >= places);
}

async function ruleText(
  { state, canceledAt }: BookingView,
  { until, move, cancel, canceling }: BookingChoices,
) {
  const { t } = await pageLanguage();
  if (canceling) return t("changeBooking.canceling");
  if (state !== "booked" || canceledAt !== null) return t("changeBooking.over");
  if (until === null) return t("changeBooking.never");
  if (!move && !cancel) return t("changeBooking.late");
  return t.rich("changeBooking.until", { time: () => <LocalTime at={until} /> });
}
