import type { OrderView } from "oncepaid";
import classes from "#/ui/kinds/kinds.module.css";
import type { OfKind, ProductView } from "#/ui/kinds/product-view.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { BookedTime } from "#/ui/slots/BookedTime.tsx";

export function bookingView({ policy, changes }: OfKind<"booking">, t: Translate): ProductView {
  const hours = changes?.untilHours ?? 0;
  return {
    parts: { title: t("product.dates"), body: <p>{t("product.datesText")}</p> },
    terms: {
      first: [],
      refund: [t(policy.spotOnRefund === "keep" ? "product.refundKeepsPlace" : "product.refundFrees")],
      last: [
        changes?.move === true && t("product.changesMove", { hours }),
        changes?.cancel === "refund" && t("product.changesRefund", { hours }),
        changes?.cancel === "no_refund" && t("product.changesNoRefund", { hours }),
      ],
    },
  };
}

export function BookingNext({ order: { id, booking }, t }: { order: OrderView; t: Translate }) {
  if (booking?.state !== "booked" || booking.canceledAt !== null) return null;
  return (
    <div className={classes.step}>
      <BookedTime booking={booking} />
      <a href={`/api/bookings/${id}.ics`} className={classes.link}>
        <Icon name="workshop" size={18} />
        {t("next.booking")}
      </a>
    </div>
  );
}
