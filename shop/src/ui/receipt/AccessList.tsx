import type { OrderView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/receipt/AccessList.module.css";
import { type OrderState, orderState } from "#/ui/receipt/order-state.ts";
import { type AccessState, accessState, StatePill } from "#/ui/receipt/StatePill.tsx";

/** What stands for a product that has no entitlement, so that the list keeps its shape when one comes. */
const WITHOUT_ENTITLEMENT: Record<OrderState, AccessState> = {
  PENDING: "waiting",
  PROCESSING: "waiting",
  PAID: "preparing",
  FULFILLED: "none",
  REFUNDED: "ended",
  FAILED: "none",
  CANCELED: "none",
  SUSPENDED: "suspended",
  ENDED: "ended",
};

export async function AccessList({ order }: { order: OrderView }) {
  const { locale, t } = await pageLanguage();
  return (
    <>
      <h2 className={classes.title}>{t("order.access")}</h2>
      <ul className={classes.list}>
        {order.items.map(({ productKey }) => {
          const entitlement = order.entitlements.find((given) => given.productKey === productKey);
          const state = entitlement ? accessState(entitlement.state) : WITHOUT_ENTITLEMENT[orderState(order)];
          return (
            <li
              key={productKey}
              className={classes.row}
              data-testid={entitlement && `entitlement-${productKey}`}
              data-state={state}
            >
              <span>
                {productText(locale, productKey).name}
                {entitlement?.kind === "plan" && (
                  <span className={classes.seats}>
                    {" "}
                    · {t("order.seats", { count: entitlement.quantity })}
                  </span>
                )}
              </span>
              <StatePill state={state} />
            </li>
          );
        })}
      </ul>
    </>
  );
}
