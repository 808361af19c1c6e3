import Link from "next/link";
import type { DeskPlan } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { orderNumber } from "#/texts/order-number.ts";
import classes from "#/ui/admin/rows.module.css";
import { whyText } from "#/ui/admin/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** Plans, each with whose it is, how it stands, and the way to its members. */
export async function PlanRows({ plans }: { plans: readonly DeskPlan[] }) {
  const { locale, t } = await pageLanguage();
  if (plans.length === 0) return <p>{t("desk.plans.none")}</p>;
  return (
    <ul className={classes.rows}>
      {plans.map((plan) => {
        const { id, productKey, ownerId, ownerEmail, orderId, seats, members, invited, startsAt, endsAt } =
          plan;
        const via = orderId === null ? "grant" : "purchase";
        return (
          <li key={id} className={classes.row} data-testid={`plan-${id}`}>
            <span className={classes.head}>
              <Link href={`/admin/plans/${id}`} prefetch={false} className={classes.strong}>
                {productText(locale, productKey).name}
              </Link>
              <span>{t(`desk.state.${plan.state}`)}</span>
              <span>{ownerEmail ?? t("desk.noEmail")}</span>
            </span>
            <span>{t("desk.plans.seats", { seats, members, invited })}</span>
            <span className={classes.quiet}>
              {t("desk.plans.since")} <LocalTime at={startsAt} />
              {endsAt !== null && (
                <>
                  {" "}
                  · {t("desk.plans.until")} <LocalTime at={endsAt} />
                </>
              )}
            </span>
            <span className={classes.quiet}>{whyText(t, { ...plan, via })}</span>
            <span className={classes.actions}>
              {orderId !== null && (
                <Link href={`/admin/orders/${orderId}`} prefetch={false}>
                  {t("desk.order", { number: orderNumber(orderId) })}
                </Link>
              )}
              <Link href={`/admin/customers/${encodeURIComponent(ownerId)}`} prefetch={false}>
                {t("desk.allOfBuyer")}
              </Link>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
