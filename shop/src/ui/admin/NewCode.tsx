"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import { exampleAmount } from "#/texts/money.ts";
import classes from "#/ui/admin/Act.module.css";
import { ActButton } from "#/ui/admin/Act.tsx";
import { type CodeChoice, codeChoice } from "#/ui/admin/code-form.ts";
import fields from "#/ui/admin/SlotFields.module.css";
import { useAct } from "#/ui/admin/use-act.ts";

const KINDS = ["percent", "amount"] as const;
const DURATIONS = ["once", "repeating", "forever"] as const;

type Wrong = Extract<CodeChoice, { ok: false }>["wrong"];

/** Makes a discount code at Stripe; what is wrong is said before it is asked. */
export function NewCode({ currencies }: { currencies: readonly string[] }) {
  const t = useTranslations("admin.codes");
  const { busy, told, act } = useAct();
  const [wrong, setWrong] = useState<Wrong>();
  const [currency, setCurrency] = useState(currencies[0] ?? "");
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const choice = codeChoice(new FormData(form));
    setWrong(choice.ok ? undefined : choice.wrong);
    if (!choice.ok) return;
    const { body } = choice;
    const done = (answered: object) => t(isAsked(answered) ? "asked" : "made", { code: body.code });
    if (!(await act({ path: "promotion-codes", body, done }))) return;
    form.reset();
    setCurrency(currencies[0] ?? "");
  };
  return (
    <form onSubmit={make} className={classes.steps} data-testid="new-code">
      <label className={classes.field}>
        {t("code")}
        <input
          name="code"
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          className={classes.input}
        />
      </label>
      <TakenOff currencies={currencies} currency={currency} onCurrency={setCurrency} />
      <div className={fields.form}>
        <Duration />
        <label className={fields.field}>
          {t("limit")}
          <input name="limit" type="number" min={1} step={1} className={fields.input} />
        </label>
        <label className={fields.field}>
          {t("lastDay")}
          <input name="lastDay" type="date" className={fields.input} />
        </label>
      </div>
      <span className={classes.buttons}>
        <ActButton busy={busy}>{t("make")}</ActButton>
      </span>
      <p role="status" className={classes.told} data-bad={wrong !== undefined || told?.bad}>
        {wrong ? t(wrong, { example: exampleAmount(currency) }) : told?.text}
      </p>
    </form>
  );
}

type TakenOffProps = {
  currencies: readonly string[];
  currency: string;
  onCurrency: (currency: string) => void;
};

function TakenOff({ currencies, currency, onCurrency }: TakenOffProps) {
  const t = useTranslations("admin.codes");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("percent");
  return (
    <>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>{t("takesOff")}</legend>
        {KINDS.map((one) => (
          <label key={one} className={classes.choice}>
            <input
              type="radio"
              name="kind"
              value={one}
              checked={kind === one}
              onChange={() => setKind(one)}
            />
            {t(one)}
          </label>
        ))}
      </fieldset>
      <div className={fields.form}>
        {kind === "percent" ? (
          <label className={fields.field}>
            {t("percentage")}
            <input name="percent" required inputMode="decimal" autoComplete="off" className={fields.input} />
          </label>
        ) : (
          <>
            <label className={fields.field}>
              {t("howMuch")}
              <input name="amount" required inputMode="decimal" autoComplete="off" className={fields.input} />
            </label>
            <label className={fields.field}>
              {t("currency")}
              <select
                name="currency"
                value={currency}
                onChange={({ target }) => onCurrency(target.value)}
                className={fields.input}
              >
                {currencies.map((code) => (
                  <option key={code} value={code}>
                    {code.toUpperCase()}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
      </div>
    </>
  );
}

/** How long it is taken off a plan; what is paid once is paid once. */
function Duration() {
  const t = useTranslations("admin.codes");
  const [duration, setDuration] = useState<string>("once");
  return (
    <>
      <label className={fields.field}>
        {t("holds")}
        <select
          name="duration"
          value={duration}
          onChange={({ target }) => setDuration(target.value)}
          className={fields.input}
        >
          {DURATIONS.map((one) => (
            <option key={one} value={one}>
              {t(one)}
            </option>
          ))}
        </select>
      </label>
      {duration === "repeating" && (
        <label className={fields.field}>
          {t("months")}
          <input
            name="months"
            type="number"
            required
            min={1}
            max={120}
            defaultValue={3}
            className={fields.input}
          />
        </label>
      )}
    </>
  );
}

/** Stripe couldn't be reached, and it goes on being asked. */
function isAsked(answered: object): boolean {
  const made: unknown = "promotionCode" in answered ? answered.promotionCode : undefined;
  return typeof made === "object" && made !== null && "state" in made && made.state === "asked";
}
