"use client";

import { type ReactNode, useEffect, useState } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import rows from "#/ui/admin/rows.module.css";
import classes from "#/ui/admin/table.module.css";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What `GET /api/admin/reconcile` answers. */
type Progress = {
  underWay: { startedAt: string } | null;
  lastReport: {
    startedAt: string;
    finishedAt: string;
    from: string;
    until: string;
    counts: Record<
      "calls" | "listed" | "eventsReleased" | (typeof REPAIRED)[number] | (typeof LEFT)[number],
      number
    >;
  } | null;
};

/** What a comparison sets right by itself, and what it finds and leaves. */
const REPAIRED = ["eventsApplied", "ordersRestored", "attemptsRestored", "sessionsSettled"] as const;
const LEFT = ["eventsFailed", "objectsFailed", "ordersFailed", "eventsQuarantined"] as const;

/** How far what is held was compared with what Stripe says; asked for by the browser, as recovery stands beside the pages. */
export function ReconcileReport() {
  const t = useTranslations("admin");
  const [progress, setProgress] = useState<Progress | "loading" | "failed">("loading");
  useEffect(() => {
    const asking = new AbortController();
    fetch("/api/admin/reconcile", { signal: asking.signal })
      .then((response) => (response.ok ? response.json() : "failed"))
      .then(setProgress)
      .catch(() => {
        if (!asking.signal.aborted) setProgress("failed");
      });
    return () => asking.abort();
  }, []);
  if (progress === "loading") return <p className={rows.quiet}>{t("loading")}</p>;
  if (progress === "failed") return <p className={rows.quiet}>{t("noReport")}</p>;
  const { underWay, lastReport } = progress;
  return (
    <div data-testid="reconcile-report">
      {underWay && (
        <p className={rows.quiet}>
          {t("report.underWay")} <LocalTime at={underWay.startedAt} />
        </p>
      )}
      {lastReport ? (
        <ReportTable report={lastReport} />
      ) : (
        <p className={rows.quiet}>{t("report.none", { command: "npm run reconcile" })}</p>
      )}
    </div>
  );
}

function ReportTable({ report }: { report: NonNullable<Progress["lastReport"]> }) {
  const t = useTranslations("admin.report");
  const number = new Intl.NumberFormat(useLocale());
  const { startedAt, finishedAt, from, until } = report;
  // What this comparison released from quarantine needs no operator any more.
  const eventsQuarantined = Math.max(0, report.counts.eventsQuarantined - report.counts.eventsReleased);
  const counts = { ...report.counts, eventsQuarantined };
  const sum = (names: readonly (keyof typeof counts)[]) =>
    names.reduce((total, name) => total + counts[name], 0);
  const parts = (names: readonly ((typeof REPAIRED)[number] | (typeof LEFT)[number])[]) =>
    names
      .filter((name) => counts[name] > 0)
      .map((name) => (
        <Row key={name} name={t(name)} isPart>
          {number.format(counts[name])}
        </Row>
      ));
  // Tenths are as exact as anybody wants it.
  const seconds = Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 100) / 10;
  return (
    <table className={classes.table}>
      <tbody>
        <Row name={t("finished")}>
          <LocalTime at={finishedAt} />
        </Row>
        <Row name={t("took")}>{t("seconds", { seconds })}</Row>
        <Row name={t("compared")}>
          <LocalTime at={from} /> – <LocalTime at={until} />
        </Row>
        <Row name={t("calls")}>{number.format(counts.calls)}</Row>
        <Row name={t("listed")}>{number.format(counts.listed)}</Row>
        <Row name={t("differences")}>{number.format(sum([...REPAIRED, ...LEFT]))}</Row>
        <Row name={t("repaired")}>{number.format(sum(REPAIRED))}</Row>
        {parts(REPAIRED)}
        {parts(LEFT)}
      </tbody>
    </table>
  );
}

function Row({ name, isPart = false, children }: { name: string; isPart?: boolean; children: ReactNode }) {
  return (
    <tr className={isPart ? classes.part : undefined}>
      <th scope="row">{name}</th>
      <td className={classes.number}>{children}</td>
    </tr>
  );
}
