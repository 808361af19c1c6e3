import type { OrderView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { formatMoney } from "#/texts/money.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import classes from "#/ui/receipt/OrderLines.module.css";

/** What was bought, line by line, and what was paid for it. */
export async function OrderLines({ order }: { order: OrderView }) {
  const { locale, t } = await pageLanguage();
  const { currency } = order;
  const money = (amount: number | null) =>
    amount === null || currency === null ? undefined : formatMoney(amount, currency, locale);
  return (
    <>
      <ul className={classes.items}>
        {order.items.map(({ productKey, quantity, unitAmount }) => (
          <li key={productKey} className={classes.line}>
            <span>
              <span className={classes.product}>{productText(locale, productKey).name}</span>{" "}
              {quantity > 1 && (
                <span className={classes.quantity}>{t("order.quantity", { count: quantity })}</span>
              )}
            </span>
            <span className={classes.amount}>
              {money(unitAmount === null ? null : unitAmount * quantity)}
            </span>
          </li>
        ))}
      </ul>
      <dl className={classes.facts}>
        <Difference order={order} />
        <div className={classes.line} data-strong="true">
          <dt>{t("order.total")}</dt>
          <dd className={classes.amount} data-testid="order-total">
            {order.paidAt === null
              ? t("order.unconfirmed")
              : (money(order.amountTotal) ?? t("order.unconfirmed"))}
          </dd>
        </div>
        {order.amountRefunded > 0 && (
          <div className={classes.line}>
            <dt>{t("order.refunded")}</dt>
            <dd className={classes.amount} data-testid="order-refunded">
              {money(order.amountRefunded)}
            </dd>
          </div>
        )}
        {order.paidAt !== null && (
          <div className={classes.line}>
            <dt>{t("order.paidOn")}</dt>
            <dd>
              <LocalTime at={order.paidAt} />
            </dd>
          </div>
        )}
        {order.invoices.map(({ id, url }) => (
          <div key={id} className={classes.line}>
            <dt>{t("order.invoice")}</dt>
            <dd className={classes.id}>
              <a href={url} data-testid="order-invoice">
                {id}
              </a>
            </dd>
          </div>
        ))}
        <div className={classes.line}>
          <dt>{t("order.number")}</dt>
          <dd className={classes.id}>{order.id}</dd>
        </div>
      </dl>
    </>
  );
}

/** What lies between the items and the total: a code, or taxes. Where taxes are added too, the two can't be told apart. */
async function Difference({ order: { items, amountTotal, currency, paidAt } }: { order: OrderView }) {
  const { locale, t } = await pageLanguage();
  const amounts = items.map(({ unitAmount, quantity }) => unitAmount && unitAmount * quantity);
  const known = amounts.flatMap((amount) => amount ?? []);
  if (paidAt === null || amountTotal === null || currency === null || known.length < items.length)
    return null;
  const difference = amountTotal - known.reduce((sum, amount) => sum + amount, 0);
  if (difference === 0) return null;
  const taxed = config().checkout.automaticTax;
  const name = difference > 0 ? "order.tax" : taxed ? "order.discountAndTax" : "order.discount";
  return (
    <div className={classes.line}>
      <dt>{t(name)}</dt>
      <dd className={classes.amount} data-testid="order-difference">
        {formatMoney(difference, currency, locale)}
      </dd>
    </div>
  );
}
