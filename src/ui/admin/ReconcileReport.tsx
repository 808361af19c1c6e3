"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/ReconcileReport.module.css";

/** How far what is held was compared with what Stripe says; asked for by the browser, as recovery stands beside the pages. */
export function ReconcileReport() {
  const t = useTranslations("admin");
  const [report, setReport] = useState<string>();
  useEffect(() => {
    const asking = new AbortController();
    fetch("/api/admin/reconcile", { signal: asking.signal })
      .then((response) => response.json())
      .then((json: unknown) => setReport(JSON.stringify(json, null, 2)))
      .catch(() => {
        if (!asking.signal.aborted) setReport(t("noReport"));
      });
    return () => asking.abort();
  }, [t]);
  return (
    <section
      className={classes.report}
      // What scrolls must be reachable by keyboard.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
      tabIndex={0}
      aria-label={t("reconcile")}
    >
      <pre className={classes.text} lang="en">
        {report ?? t("loading")}
      </pre>
    </section>
  );
}
