import Link from "next/link";
import type { WebhookDelivery } from "oncepaid";
import { orderNumber } from "#/texts/order-number.ts";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What an endpoint was told, each with what became of it and the way to its tries. */
export async function DeliveryRows({ deliveries }: { deliveries: readonly WebhookDelivery[] }) {
  const { t } = await pageLanguage();
  if (deliveries.length === 0) return <p>{t("desk.deliveries.none")}</p>;
  return (
    <ul className={classes.rows}>
      {deliveries.map(({ id, endpointId, type, orderId, createdAt, outcome, attempts, status }) => (
        <li key={id} className={classes.row} data-testid={`delivery-${id}`}>
          <span className={classes.head}>
            <Link
              href={`/admin/endpoints/${endpointId}/deliveries/${id}`}
              prefetch={false}
              className={classes.strong}
            >
              <span lang="en">{type}</span>
            </Link>
            <span>{t(`desk.deliveries.outcome.${outcome ?? "waits"}`)}</span>
            {status !== null && (
              <span className={classes.quiet}>{t("desk.deliveries.answered", { status })}</span>
            )}
          </span>
          <span className={classes.quiet}>
            <LocalTime at={createdAt} /> · {t("desk.deliveries.tries", { count: attempts })}
          </span>
          {orderId !== null && (
            <Link href={`/admin/orders/${orderId}`} prefetch={false}>
              {t("desk.order", { number: orderNumber(orderId) })}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
