import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon, type IconName } from "#/ui/look/Icon.tsx";
import { Stamp } from "#/ui/look/Stamp.tsx";
import type { OrderState } from "#/ui/receipt/order-state.ts";
import classes from "#/ui/receipt/StatusHeading.module.css";

const ICONS: Record<OrderState, IconName> = {
  FULFILLED: "check",
  PENDING: "clock",
  PROCESSING: "clock",
  PAID: "clock",
  REFUNDED: "back",
  FAILED: "cross",
  CANCELED: "cross",
  SUSPENDED: "pause",
  ENDED: "lock",
};

export async function StatusHeading({ state }: { state: OrderState }) {
  const { t } = await pageLanguage();
  return (
    <div className={classes.heading} data-stamped={state === "FULFILLED"}>
      <p className={classes.status} data-testid="order-status" data-status={state}>
        <span className={classes.icon}>
          <Icon name={ICONS[state]} size={22} />
        </span>
        {t(`order.status.${state}`)}
      </p>
      <h1 className={classes.title}>{t(`order.title.${state}`)}</h1>
      <p className={classes.text}>{t(`order.text.${state}`)}</p>
      {state === "FULFILLED" && <Stamp className={classes.stamp} />}
      {state === "PENDING" && <p className={classes.text}>{t("order.unpaid")}</p>}
    </div>
  );
}
