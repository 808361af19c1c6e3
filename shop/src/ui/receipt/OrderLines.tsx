import type { OrderView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { formatMoney } from "#/texts/money.ts";
import { orderNumber } from "#/texts/order-number.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { between } from "#/ui/receipt/between.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import classes from "#/ui/receipt/OrderLines.module.css";

/** What was bought, line by line, and what was paid for it. */
export async function OrderLines({ order }: { order: OrderView }) {
  const { locale, t } = await pageLanguage();
  const { currency } = order;
  const money = (amount: number | null) =>
    amount === null || currency === null ? undefined : formatMoney(amount, currency, locale);
  const { lines, taxIncluded } = between(order, config().checkout.automaticTax);
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
        {order.paidAt !== null &&
          lines.map(({ what, amount }) => (
            <div key={what} className={classes.line}>
              <dt>{t(`order.${what}`)}</dt>
              <dd className={classes.amount} data-testid={`order-${what}`}>
                {money(amount)}
              </dd>
            </div>
          ))}
        <div className={classes.line} data-strong="true">
          <dt>{t("order.total")}</dt>
          <dd className={classes.amount} data-testid="order-total">
            {order.paidAt === null
              ? t("order.unconfirmed")
              : (money(order.amountTotal) ?? t("order.unconfirmed"))}
          </dd>
        </div>
        {taxIncluded > 0 && order.paidAt !== null && (
          <div className={classes.line}>
            <dt>{t("order.taxIncluded")}</dt>
            <dd className={classes.amount}>{money(taxIncluded)}</dd>
          </div>
        )}
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
          <dd className={classes.number} data-testid="order-number">
            {orderNumber(order.id)}
          </dd>
        </div>
      </dl>
    </>
  );
}
