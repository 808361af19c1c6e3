"use client";

import { type FormEvent, useState } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { exampleAmount, formatMoney } from "#/texts/money.ts";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { type Refundable, type RefundChoice, refundChoice } from "#/ui/admin/refund-choice.ts";
import { useAct } from "#/ui/admin/use-act.ts";
import { Button } from "#/ui/look/Button.tsx";

const REASONS = ["requested_by_customer", "duplicate", "fraudulent"] as const;

type Asked = { amount: number | undefined; reason: string; note: string };
type Wrong = Extract<RefundChoice, { ok: false }>["wrong"];

/** Gives money back in two steps: what, then the sentence that says it, with the button. */
export function RefundForm({ orderId, of, email }: { orderId: string; of: Refundable; email: string }) {
  const t = useTranslations("admin.act");
  const locale = useLocale();
  const { busy, told, act } = useAct();
  const [asked, setAsked] = useState<Asked>();
  const money = (amount: number) => formatMoney(amount, of.currency, locale);
  const give = async ({ amount, reason, note }: Asked) => {
    const body = { ...(amount !== undefined && { amount }), reason, ...(note !== "" && { note }) };
    const done = (answered: object) => {
      const made = refundIn(answered);
      if (made?.state === "asked") return t("refundAsked");
      return made ? t("refundDone", { amount: money(made.amount) }) : t("refundDoneAll");
    };
    if (await act({ path: `orders/${orderId}/refund`, body, done })) setAsked(undefined);
  };
  const whole = asked?.amount ?? of.left;
  return (
    <ActFrame title={t("refundTitle")} testId="act-refund" told={told}>
      {asked === undefined ? (
        <RefundFields of={of} onAsked={setAsked} />
      ) : (
        <>
          <p className={classes.sure} data-testid="refund-sure">
            {asked.amount === undefined || asked.amount === of.left
              ? of.left === null
                ? t("sureWholePlan", { email })
                : t("sureWhole", { amount: money(of.left), email })
              : t("surePart", { amount: money(asked.amount), email })}
          </p>
          <span className={classes.buttons}>
            <ActButton danger busy={busy} onClick={() => give(asked)}>
              {whole === null ? t("giveBackAll") : t("giveBack", { amount: money(whole) })}
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

function RefundFields({ of, onAsked }: { of: Refundable; onAsked: (asked: Asked) => void }) {
  const t = useTranslations("admin.act");
  const [chosen, setChosen] = useState("everything");
  const [wrong, setWrong] = useState<Wrong>();
  const review = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const choice = refundChoice(of, chosen, text("amount"));
    setWrong(choice.ok ? undefined : choice.wrong);
    if (choice.ok) onAsked({ amount: choice.amount, reason: text("reason"), note: text("note") });
  };
  return (
    <form onSubmit={review} onInput={() => setWrong(undefined)} className={classes.steps} noValidate>
      <p>{t("refundWill")}</p>
      <WhatToGiveBack of={of} chosen={chosen} onChosen={setChosen} />
      {chosen === "part" && (
        <label className={classes.field}>
          {t("amount", { currency: of.currency.toUpperCase() })}
          <input name="amount" inputMode="decimal" autoComplete="off" className={classes.input} />
        </label>
      )}
      {wrong && <WrongAmount of={of} wrong={wrong} />}
      <label className={classes.field}>
        {t("reason")}
        <select name="reason" className={classes.input}>
          {REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {t(`reasons.${reason}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={classes.field}>
        {t("note")}
        <input name="note" maxLength={2000} autoComplete="off" className={classes.input} />
      </label>
      <span className={classes.buttons}>
        <Button type="submit">{t("next")}</Button>
      </span>
    </form>
  );
}

type WhatToGiveBackProps = { of: Refundable; chosen: string; onChosen: (chosen: string) => void };

function WhatToGiveBack({ of, chosen, onChosen }: WhatToGiveBackProps) {
  const t = useTranslations("admin.act");
  const locale = useLocale();
  const money = (amount: number) => formatMoney(amount, of.currency, locale);
  const everything = of.left === null ? t("everythingOfPlan") : t("everything", { amount: money(of.left) });
  const choices = [
    { value: "everything", label: everything },
    ...of.lines.map(({ productKey, name, amount }) => ({
      value: `line:${productKey}`,
      label: t("line", { product: name, amount: money(amount) }),
    })),
    { value: "part", label: t("part") },
  ];
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.legend}>{t("refundWhat")}</legend>
      {choices.map(({ value, label }) => (
        <label key={value} className={classes.choice}>
          <input
            type="radio"
            name="what"
            value={value}
            checked={chosen === value}
            onChange={() => onChosen(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function WrongAmount({ of, wrong }: { of: Refundable; wrong: Wrong }) {
  const t = useTranslations("admin.act");
  const locale = useLocale();
  return (
    <p role="alert" className={classes.told} data-bad="true">
      {wrong === "tooMuch"
        ? t("tooMuch", { amount: formatMoney(of.left ?? 0, of.currency, locale) })
        : t("notAnAmount", { example: exampleAmount(of.currency) })}
    </p>
  );
}

function refundIn(answered: object): { amount: number; state: string } | undefined {
  const made: unknown = "refund" in answered ? answered.refund : undefined;
  if (typeof made !== "object" || made === null || !("amount" in made) || !("state" in made))
    return undefined;
  return typeof made.amount === "number" ? { amount: made.amount, state: String(made.state) } : undefined;
}
