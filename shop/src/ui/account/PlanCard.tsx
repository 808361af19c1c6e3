import type { EntitlementView, Seat } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { dateText } from "#/texts/date-text.ts";
import { Card } from "#/ui/account/Card.tsx";
import { ManagePlan } from "#/ui/account/ManagePlan.tsx";
import { mayBill } from "#/ui/account/may-bill.ts";
import classes from "#/ui/account/PlanCard.module.css";
import { Seats } from "#/ui/account/Seats.tsx";
import { whyOf } from "#/ui/account/why.ts";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { accessState } from "#/ui/receipt/StatePill.tsx";

type PlanCardProps = { entitlement: EntitlementView; seats: Seat[]; seatsLeft: number; signedIn: boolean };

/** A plan the reader has bought: how long it runs, where it is changed, and who has its seats. */
export async function PlanCard({ entitlement, seats, seatsLeft, signedIn }: PlanCardProps) {
  const { locale, t } = await pageLanguage();
  const { id, productKey, quantity, endsAt } = entitlement;
  const state = accessState(entitlement.state);
  // What the shop gave has no subscription to manage, and no seats to give on.
  const bought = entitlement.via !== "grant";
  return (
    <Card
      title={productText(locale, productKey).name}
      state={state}
      why={whyOf(entitlement, t)}
      testId={`plan-${productKey}`}
    >
      <p className={classes.facts}>
        <span data-testid="plan-quantity">{t("order.seats", { count: quantity })}</span>
        {endsAt !== null && <span> · {until(entitlement, dateText(endsAt, locale), t)}</span>}
      </p>
      {bought && mayBill(entitlement) && <ManagePlan entitlementId={id} />}
      {bought && state !== "ended" && (
        <Seats
          entitlementId={id}
          quantity={quantity}
          left={seatsLeft}
          seats={seats}
          signedIn={signedIn}
          rests={state === "suspended"}
        />
      )}
    </Card>
  );
}

function until({ state, reason, via }: EntitlementView, date: string, t: Translate): string {
  if (state === "ended") return t("account.endedOn", { date });
  if (reason === "cancels_at_period_end" || via === "grant") return t("account.endsOn", { date });
  if (reason !== null) return t("account.paidUntil", { date });
  return t("account.renewsOn", { date });
}
