import type { DeskOrder } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { Act } from "#/ui/admin/Act.tsx";
import { CorrectEmail } from "#/ui/admin/CorrectEmail.tsx";
import { RefundForm } from "#/ui/admin/RefundForm.tsx";
import { ReviewWarning } from "#/ui/admin/ReviewWarning.tsx";
import type { Refundable } from "#/ui/admin/refund-choice.ts";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What can be done about an order as it is now; what can't apply isn't offered. */
export async function Support({ order }: { order: DeskOrder }) {
  const { locale, t } = await pageLanguage();
  const { id, email, subscription, paidAt } = order;
  const refundable = refundableOf(order, (key) => productText(locale, key).name);
  const runs = subscription !== null && !["canceled", "incomplete_expired"].includes(subscription.status);
  const to = email ?? t("desk.noEmail");
  return (
    <div className={classes.rows}>
      <p className={classes.quiet}>{t("desk.supportLead")}</p>
      {order.warnedAt !== null && (
        <>
          <p className={classes.strong} data-testid="desk-warned">
            {t.rich("desk.warnedAt", { time: () => <LocalTime at={order.warnedAt ?? ""} /> })}
          </p>
          <ReviewWarning orderId={id} />
        </>
      )}
      {refundable && <RefundForm orderId={id} of={refundable} email={to} />}
      {paidAt !== null && (
        <Act
          testId="act-resend"
          title={t("admin.act.resendTitle")}
          will={t("admin.act.resendWill", { email: to })}
          button={t("admin.act.resendButton")}
          done={t("admin.act.resendDone")}
          path={`orders/${id}/resend`}
        />
      )}
      <CorrectEmail orderId={id} email={email} />
      {runs && subscription.cancelAt === null && (
        <Act
          testId="act-cancel-end"
          title={t("admin.act.cancelEndTitle")}
          will={t("admin.act.cancelEndWill")}
          button={t("admin.act.cancelEndButton")}
          done={t("admin.act.cancelDone")}
          path={`orders/${id}/cancel`}
          body={{ when: "period_end" }}
          danger
        />
      )}
      {runs && (
        <Act
          testId="act-cancel-now"
          title={t("admin.act.cancelNowTitle")}
          will={t("admin.act.cancelNowWill")}
          button={t("admin.act.cancelNowButton")}
          done={t("admin.act.cancelDone")}
          path={`orders/${id}/cancel`}
          body={{ when: "now" }}
          danger
        />
      )}
    </div>
  );
}

/** Undefined where nothing was paid, or nothing is left of it. */
function refundableOf(order: DeskOrder, nameOf: (productKey: string) => string): Refundable | undefined {
  const { currency, amountTotal, amountRefunded, amountLost, paidAt, stripe, items } = order;
  if (paidAt === null || currency === null || !amountTotal) return undefined;
  // A plan was paid more than once, so only Stripe's newest payment says what is left of it.
  if (stripe.subscription !== null) return { currency, left: null, lines: [] };
  const left = amountTotal - amountRefunded - amountLost;
  if (left <= 0) return undefined;
  const lines = items.map(({ productKey, quantity, unitAmount }) => ({
    productKey,
    name: nameOf(productKey),
    amount: (unitAmount ?? 0) * quantity,
  }));
  // One line is everything; and of a discounted order a line's own amount may be more than is left.
  const fit = items.length > 1 ? lines.filter(({ amount }) => amount > 0 && amount <= left) : [];
  return { currency, left, lines: fit };
}
