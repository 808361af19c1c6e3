import type { DeskEventDetail } from "oncepaid";
import type { ReactNode } from "react";
import classes from "#/ui/admin/OrderFacts.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** A message of Stripe: what became of it and why, when it happened and when it came. */
export async function EventFacts({ event }: { event: DeskEventDetail }) {
  const { t } = await pageLanguage();
  const { id, outcome, error, attempts, created, receivedAt, apiVersion, livemode } = event;
  return (
    <div className={classes.card}>
      <dl className={classes.list}>
        <Line name={t("desk.events.id")}>
          <span className={classes.id}>{id}</span>
        </Line>
        <Line name={t("desk.events.outcome")}>{t(`desk.events.outcomes.${outcome}`)}</Line>
        {error !== null && (
          <Line name={t("desk.events.why")}>
            <span lang="en">{error}</span>
          </Line>
        )}
        <Line name={t("desk.events.happened")}>
          <LocalTime at={created} />
        </Line>
        <Line name={t("desk.events.came")}>
          <LocalTime at={receivedAt} /> · {t("admin.attempts", { count: attempts })}
        </Line>
        <Line name={t("desk.events.mode")}>{t(livemode ? "desk.events.live" : "desk.events.test")}</Line>
        {apiVersion !== null && <Line name={t("desk.events.version")}>{apiVersion}</Line>}
      </dl>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
