import classes from "#/ui/admin/OrderStatus.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { ORDER_STATES } from "#/ui/receipt/order-state.ts";

/** What an order has come to, in words. A status this version doesn't know is shown as it is stored. */
export async function OrderStatus({ status }: { status: string }) {
  const { t } = await pageLanguage();
  const known = ORDER_STATES.find((state) => state === status);
  return (
    <span className={classes.status} data-status={status}>
      {known ? t(`desk.statusOf.${known}`) : status}
    </span>
  );
}
