import Link from "next/link";
import type { DeskOrder } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { formatMoney } from "#/texts/money.ts";
import { orderNumber } from "#/texts/order-number.ts";
import classes from "#/ui/admin/OrderRows.module.css";
import { OrderStatus } from "#/ui/admin/OrderStatus.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** Orders, a row each, that lead to their pages. */
export async function OrderRows({ orders }: { orders: readonly DeskOrder[] }) {
  const { locale, t } = await pageLanguage();
  if (orders.length === 0) return <p className={classes.empty}>{t("desk.none")}</p>;
  return (
    <ul className={classes.rows}>
      {orders.map((order) => {
        const { id, name, email, items, currency, amountTotal, amountRefunded, createdAt, paidAt } = order;
        const money = (amount: number) => currency && formatMoney(amount, currency, locale);
        return (
          <li key={id} className={classes.row} data-testid={`order-${id}`}>
            <span className={classes.part}>
              <Link href={`/admin/orders/${id}`} prefetch={false} className={classes.number}>
                {orderNumber(id)}
              </Link>
              <span className={classes.quiet}>
                <LocalTime at={createdAt} />
              </span>
            </span>
            <span className={`${classes.part} ${classes.buyer}`}>
              <span className={classes.strong}>{name ?? t("desk.noName")}</span>
              <span className={classes.quiet}>{email ?? t("desk.noEmail")}</span>
            </span>
            <span className={`${classes.part} ${classes.items}`}>
              {items.map(({ productKey, quantity }) => (
                <span key={productKey}>
                  {productText(locale, productKey).name}{" "}
                  {quantity > 1 && t("order.quantity", { count: quantity })}
                </span>
              ))}
            </span>
            <span className={`${classes.part} ${classes.money}`}>
              <span className={classes.strong}>
                {paidAt === null || amountTotal === null ? t("desk.unpaid") : money(amountTotal)}
              </span>
              {amountRefunded > 0 && (
                <span className={classes.quiet}>
                  {t("desk.gaveBack", { amount: money(amountRefunded) ?? "" })}
                </span>
              )}
            </span>
            <span className={classes.part}>
              <OrderStatus status={order.status} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
