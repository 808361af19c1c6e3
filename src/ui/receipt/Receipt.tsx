import type { OrderView } from "#/orders/view.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { OrderTicket } from "#/ui/receipt/OrderTicket.tsx";
import { OrderWatch } from "#/ui/receipt/OrderWatch.tsx";
import { orderState } from "#/ui/receipt/order-state.ts";
import classes from "#/ui/receipt/Receipt.module.css";
import { StatusHeading } from "#/ui/receipt/StatusHeading.tsx";

/** An order as its buyer sees it on coming back, whatever has become of it. */
export async function Receipt({ order, sessionId }: { order: OrderView; sessionId: string }) {
  const { t } = await pageLanguage();
  const state = orderState(order);
  const unpaid = state === "FAILED" || state === "CANCELED";
  return (
    <div className={classes.receipt}>
      <OrderWatch sessionId={sessionId} cartId={order.cartId} state={state} />
      <StatusHeading state={state} />
      <OrderTicket order={order} />
      <p>
        {unpaid ? (
          <LinkButton href="/pricing">{t("order.tryAgain")}</LinkButton>
        ) : (
          <LinkButton href="/" quiet>
            {t("order.back")}
          </LinkButton>
        )}
      </p>
    </div>
  );
}
