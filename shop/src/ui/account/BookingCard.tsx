import Link from "next/link";
import type { OrderView } from "oncepaid";
import { findProduct, productText } from "#/catalog/products.ts";
import classes from "#/ui/account/BookingCard.module.css";
import { Card } from "#/ui/account/Card.tsx";
import ways from "#/ui/account/Way.module.css";
import { whatBecame } from "#/ui/account/what-became.ts";
import { whyOf } from "#/ui/account/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { accessState } from "#/ui/receipt/StatePill.tsx";
import { BookedTime } from "#/ui/slots/BookedTime.tsx";

const STATES = ["held", "booked", "released", "refused", "canceled"] as const;

/** A place on a date: when and where, and the file for the calendar while it is the buyer's. */
export async function BookingCard({ order }: { order: OrderView }) {
  const { locale, t } = await pageLanguage();
  const { booking } = order;
  const entitlement = order.entitlements.find(({ kind }) => kind === "booking");
  if (!booking) return null;
  const key = entitlement?.productKey ?? order.items[0]?.productKey ?? "";
  const became = whatBecame(booking, entitlement);
  const state = became.state === "booked" && entitlement ? accessState(entitlement.state) : "ended";
  const word = STATES.find((known) => known === became.state) ?? "held";
  return (
    <Card
      title={productText(locale, key).name}
      state={state}
      why={became.calledOff ? t("account.calledOff") : entitlement && whyOf(entitlement, t)}
      testId={`booking-${key}`}
    >
      <p className={classes.word} data-testid="booking-state" data-booking={word}>
        {t(`account.booking.${word}`)} · {t("account.places", { count: booking.places })}
      </p>
      <BookedTime booking={booking} />
      {state === "active" && (
        <p className={classes.ways}>
          <a href={`/api/bookings/${order.id}.ics`} className={ways.way}>
            <Icon name="workshop" size={18} />
            {t("account.calendar")}
          </a>
          {mayChange(order) && (
            <Link href={`/account/bookings/${order.id}`} prefetch={false} className={ways.way}>
              {t("account.change")}
            </Link>
          )}
        </p>
      )}
    </Card>
  );
}

/** Whether its product lets buyers change anything; whether it is too late is told on the page. */
function mayChange({ items }: OrderView): boolean {
  return items.some(({ productKey }) => {
    const product = findProduct(productKey);
    return product?.kind === "booking" && product.changes !== undefined;
  });
}
