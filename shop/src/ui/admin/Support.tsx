import type { DeskOrder, OrderView } from "oncepaid";
import { products, productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { Act } from "#/ui/admin/Act.tsx";
import { ChangePlan } from "#/ui/admin/ChangePlan.tsx";
import { CorrectEmail } from "#/ui/admin/CorrectEmail.tsx";
import { GrantAccess } from "#/ui/admin/GrantAccess.tsx";
import { givable } from "#/ui/admin/givable.ts";
import { HandOver } from "#/ui/admin/HandOver.tsx";
import { MoveForBuyer } from "#/ui/admin/MoveForBuyer.tsx";
import type { OtherAccount } from "#/ui/admin/other-account.ts";
import { RefundForm } from "#/ui/admin/RefundForm.tsx";
import { ReviewWarning } from "#/ui/admin/ReviewWarning.tsx";
import type { Refundable } from "#/ui/admin/refund-choice.ts";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import { roomFor } from "#/ui/slots/room-for.ts";
import { slotChoice } from "#/ui/slots/slot-choice.ts";

type SupportProps = {
  order: DeskOrder;
  /** The same order as its buyer sees it, with its booking. */
  view: OrderView;
  /** The address that its account signs in with, if it has one. */
  account: string | undefined;
  /** Whom the order is to be given to, once somebody was looked for. */
  other: OtherAccount | undefined;
};

/** What can be done about an order as it is now; what can't apply isn't offered. */
export async function Support({ order, view, account, other }: SupportProps) {
  const { locale, t } = await pageLanguage();
  const { id, userId, email, subscription, paidAt } = order;
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
      {runs && <ChangePlan order={order} view={view} />}
      <MoveIt view={view} email={to} />
      <CorrectEmail orderId={id} email={email} />
      <HandOver orderId={id} isPlan={runs} other={other} />
      <GrantAccess userId={userId} address={account} givable={givable(locale)} />
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

/** Nothing where there is no booking that could move. */
async function MoveIt({ view: { id, booking, entitlements }, email }: { view: OrderView; email: string }) {
  if (booking?.state !== "booked" || booking.canceledAt !== null) return null;
  const { locale } = await pageLanguage();
  const key = entitlements.find(({ kind }) => kind === "booking")?.productKey ?? "";
  const product = products.find((one) => one.key === key);
  const dates = product ? roomFor(booking, await oncepaid().slots.upcoming(product.key)) : [];
  const slots = dates.map((slot) => slotChoice(slot, locale));
  return <MoveForBuyer orderId={id} places={booking.places} slots={slots} email={email} />;
}

/** Undefined where nothing was paid, or nothing is left of it. */
function refundableOf(order: DeskOrder, nameOf: (productKey: string) => string): Refundable | undefined {
  const { currency, amountTotal, amountRefunded, amountLost, paidAt, stripe, items, subscription } = order;
  if (paidAt === null || currency === null) return undefined;
  // A plan was paid more than once, so only Stripe's newest payment says what is left of it. In its trial nothing was paid yet.
  const onlyTried = !amountTotal && subscription?.status === "trialing";
  if (stripe.subscription !== null) return onlyTried ? undefined : { currency, left: null, lines: [] };
  if (!amountTotal) return undefined;
  const left = amountTotal - amountRefunded - amountLost;
  if (left <= 0) return undefined;
  const lines = items.map(({ productKey, quantity, unitAmount }) => ({
    productKey,
    name: nameOf(productKey),
    amount: (unitAmount ?? 0) * quantity,
  }));
  // One line is everything; of a discounted order a line's own amount may be more than is left; and where one isn't known, no share is.
  const known = items.every(({ unitAmount }) => unitAmount !== null);
  const fit = items.length > 1 && known ? lines.filter(({ amount }) => amount > 0 && amount <= left) : [];
  return { currency, left, lines: fit };
}
