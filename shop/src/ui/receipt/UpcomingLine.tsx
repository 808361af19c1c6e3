import type { OrderView } from "oncepaid";
import { dateText } from "#/texts/date-text.ts";
import { formatMoney } from "#/texts/money.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/receipt/OrderLines.module.css";

/** When its plan is charged next and of how much, or when it ends; nothing while Stripe has told nothing of it. */
export async function UpcomingLine({ order: { upcoming, currency } }: { order: OrderView }) {
  if (upcoming === null) return null;
  const { locale, t } = await pageLanguage();
  const { what, amount } = upcoming;
  const date = dateText(upcoming.at, locale);
  return (
    <dl className={classes.facts}>
      <div className={classes.line}>
        <dt>{t(`order.upcoming.${what}`)}</dt>
        <dd className={classes.amount} data-testid="order-upcoming">
          {amount === null || currency === null
            ? date
            : t("order.upcoming.amountOn", { amount: formatMoney(amount, currency, locale), date })}
        </dd>
      </div>
    </dl>
  );
}
