import type { OrderView } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { NextSteps } from "#/ui/receipt/NextSteps.tsx";
import { OrderTicket } from "#/ui/receipt/OrderTicket.tsx";
import { OrderWatch } from "#/ui/receipt/OrderWatch.tsx";
import { orderState } from "#/ui/receipt/order-state.ts";
import classes from "#/ui/receipt/Receipt.module.css";
import { StatusHeading } from "#/ui/receipt/StatusHeading.tsx";

type ReceiptProps = {
  order: OrderView;
  sessionId: string;
  /** Where the code to sign in with was mailed to, as far as it may be shown; null for who is signed in. */
  mailedTo: string | null;
};

/** An order as its buyer sees it on coming back, whatever has become of it. */
export async function Receipt({ order, sessionId, mailedTo }: ReceiptProps) {
  const { t } = await pageLanguage();
  const state = orderState(order);
  const unpaid = state === "FAILED" || state === "CANCELED";
  return (
    <div className={classes.receipt}>
      <OrderWatch sessionId={sessionId} cartId={order.cartId} status={order.status} state={state} />
      <StatusHeading state={state} />
      {order.booking?.state === "refused" && (
        <p role="status" className={classes.refused} data-testid="booking-refused">
          {t("next.refused")}
        </p>
      )}
      <OrderTicket order={order} />
      <NextSteps order={order} mailedTo={mailedTo} />
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
