import type { OrderView } from "oncepaid";
import { type Grace, graceOf } from "#/ui/kinds/grace.ts";
import { hasActive } from "#/ui/kinds/has-active.ts";
import classes from "#/ui/kinds/kinds.module.css";
import type { OfKind, ProductView } from "#/ui/kinds/product-view.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

export function planView({ policy, trialDays }: OfKind<"plan">, t: Translate): ProductView {
  const body = (
    <>
      <p>{t("product.seatsText")}</p>
      <p>{t("product.seatsChange")}</p>
    </>
  );
  const trial = trialDays > 0 ? [t("product.trial", { days: trialDays }), t("product.trialOnce")] : [];
  return {
    parts: { title: t("product.seats"), body },
    terms: {
      first: [...trial, t("product.cancel")],
      refund: policy.onRefund === "end" ? [] : [t("product.refundKeeps")],
      last: [graceText(graceOf(policy), t)],
    },
  };
}

function graceText({ unit, count }: Grace, t: Translate): string {
  return unit === "hours" ? t("product.graceHours", { hours: count }) : t("product.grace", { days: count });
}

export function PlanNext({ order, t }: { order: OrderView; t: Translate }) {
  if (!hasActive(order, "plan")) return null;
  return (
    <div className={classes.step}>
      <LinkButton href="/account#plans">{t("next.plan")}</LinkButton>
      <p>{t("next.planText")}</p>
    </div>
  );
}
