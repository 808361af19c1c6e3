import type { TimelineEntry } from "oncepaid";
import { formatMoney } from "#/texts/money.ts";
import { actorText } from "#/ui/admin/actor-text.ts";
import { OrderStatus } from "#/ui/admin/OrderStatus.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What happened to an order in plain words, oldest first, by whom, and as what it left the order. */
export async function Timeline({
  entries,
  currency,
  operators,
}: {
  entries: readonly TimelineEntry[];
  currency: string | null;
  /** The addresses of the accounts that did something. */
  operators: ReadonlyMap<string, string>;
}) {
  const { locale, t } = await pageLanguage();
  const money = (amount: number) =>
    currency === null ? String(amount) : formatMoney(amount, currency, locale);
  return (
    <ol className={classes.rows} data-testid="timeline">
      {entries.map((entry) => {
        const { at, what, actor, stripeEventId, attempt, before, after, note } = entry;
        const became = after !== null && after.status !== before?.status;
        return (
          <li key={`${at} ${what} ${stripeEventId ?? attempt ?? ""}`} className={classes.row}>
            <span className={classes.strong}>{sentencesOf(t, entry, money).join(" ")}</span>
            {note !== null && <span>{note}</span>}
            <span className={classes.head}>
              <span className={classes.quiet}>
                <LocalTime at={at} /> ·{" "}
                {stripeEventId === null ? actorText(t, actor, operators) : t("desk.actor.stripe")}
              </span>
              {became && <OrderStatus status={after.status} />}
            </span>
            {stripeEventId !== null && <span className={classes.id}>{stripeEventId}</span>}
          </li>
        );
      })}
    </ol>
  );
}

/** What an entry caused, or what it is where it caused nothing. */
function sentencesOf(
  t: Translate,
  { what, effects, before, after }: TimelineEntry,
  money: (amount: number) => string,
) {
  const amount = money((after?.amountRefunded ?? 0) - (before?.amountRefunded ?? 0));
  const told = effects.flatMap((effect) => {
    // "refund.created re_1"
    const name = effect.split(" ", 1)[0]?.replaceAll(".", "_");
    const known = EFFECTS.find((one) => one === name);
    return known ? t(`desk.effect.${known}`, { amount }) : [];
  });
  return told.length > 0 ? told : [t(`desk.entry.${what}`)];
}

const EFFECTS = [
  "checkout_fulfilled",
  "booking_refused",
  "trial_started",
  "checkout_session_async_payment_failed",
  "invoice_payment_failed",
  "invoice_payment_action_required",
  "radar_early_fraud_warning",
  "charge_refunded",
  "refund_created",
  "refund_failed",
  "dispute_opened",
  "dispute_lost",
  "dispute_won",
  "access_ended",
  "access_restored",
  "subscription_canceled",
] as const;
