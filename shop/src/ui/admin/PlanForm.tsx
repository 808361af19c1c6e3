"use client";

import type { PlanChangePreview } from "oncepaid";
import { type FormEvent, useState } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { dateText } from "#/texts/date-text.ts";
import { formatMoney } from "#/texts/money.ts";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { actProblem } from "#/ui/admin/act-problem.ts";
import { planCost } from "#/ui/admin/plan-cost.ts";
import { type PlanChoices, type PlanWish, planWish } from "#/ui/admin/plan-wish.ts";
import { previewOf } from "#/ui/admin/preview-of.ts";
import { useAct } from "#/ui/admin/use-act.ts";
import { Button } from "#/ui/look/Button.tsx";

type PlanFormProps = PlanChoices & {
  orderId: string;
  /** It ends with its period, so that nothing comes after it. */
  ends: boolean;
};

type Asked = { wish: PlanWish; preview: PlanChangePreview };

/** Changes a plan in two steps: what it becomes, then Stripe's amounts as a sentence, with the button. */
export function PlanForm({ orderId, quantity, plans, ends }: PlanFormProps) {
  const t = useTranslations("admin.act");
  const locale = useLocale();
  const { busy, told, act } = useAct();
  const [asked, setAsked] = useState<Asked>();
  const change = async ({ wish, preview: { bill } }: Asked) => {
    const later = wish.when === "period_end" && bill.at !== null ? dateText(bill.at, locale) : undefined;
    const done = (answered: object) => {
      if ("state" in answered && answered.state === "asked") return t("planAsked");
      return later === undefined ? t("planDone") : t("planDoneLater", { day: later });
    };
    if (await act({ path: `orders/${orderId}/change-plan`, body: wish, done })) setAsked(undefined);
  };
  return (
    <ActFrame title={t("planTitle")} testId="act-plan" told={told}>
      {asked === undefined ? (
        <PlanFields key={quantity} {...{ orderId, quantity, plans, ends }} onAsked={setAsked} />
      ) : (
        <>
          <p className={classes.sure} data-testid="plan-sure">
            <PlanCostText preview={asked.preview} />
          </p>
          <span className={classes.buttons}>
            <ActButton busy={busy} onClick={() => change(asked)}>
              {t("planButton")}
            </ActButton>
            <Button quiet onClick={() => setAsked(undefined)}>
              {t("back")}
            </Button>
          </span>
        </>
      )}
    </ActFrame>
  );
}

function PlanCostText({ preview }: { preview: PlanChangePreview }) {
  const t = useTranslations("admin.act");
  const locale = useLocale();
  const { currency, bill, each } = preview;
  const money = (amount: number) => formatMoney(amount, currency, locale);
  const { says, amount, credit } = planCost(preview);
  const sentences = [
    t(says, { amount: money(amount), credit: money(credit) }),
    ...(bill.at === null
      ? []
      : [t("planBill", { day: dateText(bill.at, locale), amount: money(bill.amount) })]),
    t("planEach", { amount: money(each.amount), interval: each.interval, count: each.intervalCount }),
  ];
  return sentences.join(" ");
}

function PlanFields({
  orderId,
  quantity,
  plans,
  ends,
  onAsked,
}: PlanFormProps & { onAsked: (asked: Asked) => void }) {
  const t = useTranslations("admin.act");
  const problems = useTranslations("admin.problem");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const whyNot = (code: string) => {
    if (code === "refused_by_stripe") return t("planNotTold");
    return code === "invalid_request" ? t("planSame") : problems(actProblem(code), { code });
  };
  const look = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const wish = planWish({ quantity, plans }, new FormData(event.currentTarget));
    setBusy(true);
    const answer = await previewOf(orderId, wish);
    setBusy(false);
    if (answer.ok) onAsked({ wish, preview: answer.preview });
    else setProblem(whyNot(answer.code));
  };
  return (
    <form onSubmit={look} onInput={() => setProblem(undefined)} className={classes.steps}>
      <p>{t("planWill")}</p>
      <label className={classes.field}>
        {t("planWhat")}
        <select name="plan" className={classes.input}>
          <option value="">{t("planAsIs")}</option>
          {plans.map(({ productKey, price, label }, index) => (
            <option key={`${productKey} ${price}`} value={index}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className={classes.field}>
        {t("planSeats")}
        <input
          name="seats"
          type="number"
          min={1}
          step={1}
          required
          defaultValue={quantity}
          className={classes.input}
        />
      </label>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>{t("planWhen")}</legend>
        {(ends ? (["now"] as const) : (["now", "period_end"] as const)).map((when, index) => (
          <label key={when} className={classes.choice}>
            <input type="radio" name="when" value={when} defaultChecked={index === 0} />
            {t(`planWhens.${when}`)}
          </label>
        ))}
      </fieldset>
      {problem !== undefined && (
        <p role="alert" className={classes.told} data-bad="true">
          {problem}
        </p>
      )}
      <span className={classes.buttons}>
        <ActButton busy={busy}>{t("planNext")}</ActButton>
      </span>
    </form>
  );
}
