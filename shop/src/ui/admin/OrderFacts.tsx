import Link from "next/link";
import type { DeskOrder } from "oncepaid";
import { type ReactNode, Suspense } from "react";
import { productText } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { oncepaid } from "#/oncepaid.ts";
import { formatMoney } from "#/texts/money.ts";
import { orderNumber } from "#/texts/order-number.ts";
import classes from "#/ui/admin/OrderFacts.module.css";
import { OrderStatus } from "#/ui/admin/OrderStatus.tsx";
import { type Dashboard, STRIPE_OBJECTS, stripePage } from "#/ui/admin/stripe-page.ts";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { between } from "#/ui/receipt/between.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

type OrderFactsProps = { order: DeskOrder; dashboard: Dashboard };

/** Who bought, what it cost and what is left of that, and where Stripe shows it. */
export async function OrderFacts({ order, dashboard }: OrderFactsProps) {
  return (
    <div className={classes.facts}>
      <Buyer order={order} />
      <Money order={order} />
      <AtStripe order={order} dashboard={dashboard} />
    </div>
  );
}

async function Buyer({ order }: { order: DeskOrder }) {
  const { locale, t } = await pageLanguage();
  const language = new Intl.DisplayNames(locale, { type: "language" });
  return (
    <Card
      title={t("desk.buyer")}
      more={
        <Link href={`/admin/customers/${encodeURIComponent(order.userId)}`} className={classes.link}>
          {t("desk.allOfBuyer")}
        </Link>
      }
    >
      <Line name={t("desk.name")}>{order.name ?? t("desk.noName")}</Line>
      <Line name={t("desk.email")} testId="order-email">
        {order.email === null ? t("desk.noEmail") : <a href={`mailto:${order.email}`}>{order.email}</a>}
      </Line>
      <Line name={t("desk.language")}>{language.of(order.locale)}</Line>
      <Line name={t("desk.number")}>{orderNumber(order.id)}</Line>
      <Line name={t("desk.status")}>
        <OrderStatus status={order.status} />
      </Line>
      <Line name={t("desk.made")}>
        <LocalTime at={order.createdAt} />
      </Line>
      {order.paidAt !== null && (
        <Line name={t("desk.paid")}>
          <LocalTime at={order.paidAt} />
        </Line>
      )}
    </Card>
  );
}

async function Money({ order }: { order: DeskOrder }) {
  const { locale, t } = await pageLanguage();
  const { currency, items, amountTotal, amountRefunded, amountLost, paidAt, subscription } = order;
  const money = (amount: number | null) =>
    amount === null || currency === null ? t("desk.unknownAmount") : formatMoney(amount, currency, locale);
  const { lines, taxIncluded } = between(order, config().checkout.automaticTax);
  return (
    <Card title={t("desk.money")}>
      {items.map(({ productKey, quantity, unitAmount }) => (
        <Line
          key={productKey}
          amount
          name={`${productText(locale, productKey).name}${quantity > 1 ? ` ${t("order.quantity", { count: quantity })}` : ""}`}
        >
          {money(unitAmount === null ? null : unitAmount * quantity)}
        </Line>
      ))}
      {paidAt !== null &&
        lines.map(({ what, amount }) => (
          <Line key={what} name={t(`order.${what}`)} amount testId={`desk-${what}`}>
            {money(amount)}
          </Line>
        ))}
      <Line name={t("desk.total")} strong amount>
        {paidAt === null ? t("desk.unpaid") : money(amountTotal)}
      </Line>
      {paidAt !== null && taxIncluded > 0 && (
        <Line name={t("order.taxIncluded")} amount>
          {money(taxIncluded)}
        </Line>
      )}
      {amountRefunded > 0 && (
        <Line name={t("desk.refunded")} amount testId="desk-refunded">
          {money(amountRefunded)}
        </Line>
      )}
      {amountLost > 0 && (
        <Line name={t("desk.lost")} amount>
          {money(amountLost)}
        </Line>
      )}
      {amountRefunded + amountLost > 0 && subscription === null && amountTotal !== null && (
        <Line name={t("desk.left")} strong amount>
          {money(amountTotal - amountRefunded - amountLost)}
        </Line>
      )}
      {paidAt !== null && (amountTotal ?? 0) > 0 && (
        <Line name={t("desk.fee")} amount testId="desk-fee">
          <Suspense fallback="…">
            <Fee orderId={order.id} />
          </Suspense>
        </Line>
      )}
      {subscription && (
        <>
          <Line name={t("desk.subscription")} testId="desk-subscription">
            {subscriptionText(t, subscription.status)}
          </Line>
          {subscription.currentPeriodEnd !== null && subscription.status !== "canceled" && (
            <Line name={subscription.cancelAt === null ? t("desk.nextPeriod") : t("desk.cancelsAt")}>
              <LocalTime at={subscription.cancelAt ?? subscription.currentPeriodEnd} />
            </Line>
          )}
        </>
      )}
    </Card>
  );
}

/** Stripe is asked for it, so the page doesn't wait for it. */
async function Fee({ orderId }: { orderId: string }) {
  const { locale, t } = await pageLanguage();
  const told = await oncepaid().desk.fee(orderId);
  if (!told.ok) return t("desk.feeUnknown");
  return told.fee === null ? t("desk.feeNotBooked") : formatMoney(told.fee.amount, told.fee.currency, locale);
}

const SUBSCRIPTION_STATES = [
  "active",
  "trialing",
  "past_due",
  "unpaid",
  "paused",
  "canceled",
  "incomplete",
  "incomplete_expired",
] as const;

function subscriptionText(t: Translate, status: string): string {
  const known = SUBSCRIPTION_STATES.find((state) => state === status);
  return known ? t(`desk.subscriptionStatus.${known}`) : status;
}

async function AtStripe({ order: { stripe, livemode }, dashboard }: OrderFactsProps) {
  const { t } = await pageLanguage();
  const known = STRIPE_OBJECTS.flatMap((object) => {
    const id = stripe[object];
    return id === null ? [] : [{ object, id }];
  });
  if (known.length === 0) {
    return (
      <section className={classes.card}>
        <h2 className={classes.title}>{t("desk.atStripe")}</h2>
        <p>{t("desk.nothingAtStripe")}</p>
      </section>
    );
  }
  return (
    <Card title={t("desk.atStripe")}>
      {known.map(({ object, id }) => (
        <Line key={object} name={t(`desk.objects.${object}`)}>
          <a
            href={stripePage(dashboard, object, id, livemode)}
            rel="noreferrer"
            target="_blank"
            className={classes.id}
          >
            {id}
          </a>
        </Line>
      ))}
    </Card>
  );
}

function Card({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.card}>
      <h2 className={classes.title}>{title}</h2>
      <dl className={classes.list}>{children}</dl>
      {more}
    </section>
  );
}

type LineProps = { name: string; strong?: boolean; amount?: boolean; testId?: string; children: ReactNode };

function Line({ name, strong = false, amount = false, testId, children }: LineProps) {
  return (
    <div className={classes.line} data-strong={strong} data-amount={amount}>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}
