import Link from "next/link";
import type { ManagedSlot } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { ChangeSlot } from "#/ui/admin/ChangeSlot.tsx";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { textsOf } from "#/ui/admin/slot-form.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { dayOf, hoursOf, zoneOf } from "#/ui/slots/slot-text.ts";

export async function SlotList({ slots }: { slots: readonly ManagedSlot[] }) {
  const { locale, t } = await pageLanguage();
  return (
    <ul className={classes.rows}>
      {slots.map((slot) => {
        const { id, productKey, place, capacity, booked, held, closedAt, canceledAt } = slot;
        const day = dayOf(slot, locale);
        return (
          <li key={id} className={classes.row} data-testid={`managed-${id}`}>
            <span className={classes.head}>
              <span className={classes.strong}>
                {day}, {hoursOf(slot, locale)}
              </span>
              <span className={classes.quiet}>{zoneOf(slot, locale)}</span>
            </span>
            <span>
              {productText(locale, productKey).name} · {place}
            </span>
            <span className={classes.head}>
              <span className={classes.quiet}>{t("admin.taken", { booked, held, capacity })}</span>
              <Link href={`/admin/slots/${id}`} prefetch={false}>
                {t("desk.date.whoComes")}
              </Link>
              {closedAt !== null && canceledAt === null && <span>{t("desk.date.closed")}</span>}
            </span>
            {canceledAt === null && <ChangeSlot id={id} texts={textsOf(slot)} name={day} />}
            {canceledAt === null ? (
              <span className={classes.actions}>
                <Operate
                  label={t("admin.cancelSlot")}
                  name={day}
                  method="DELETE"
                  path={`admin/slots/${id}`}
                />
                {booked > 0 && (
                  <Operate
                    label={t("admin.cancelAndRefund")}
                    name={day}
                    method="DELETE"
                    path={`admin/slots/${id}?refund=true`}
                  />
                )}
              </span>
            ) : (
              <span className={classes.strong}>{t("admin.canceled")}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
