import type { SweepReport } from "oncepaid";
import classes from "#/ui/admin/table.module.css";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What is looked for by itself, when that was done last, and what came of it. */
export async function SweepTable({ sweeps }: { sweeps: readonly SweepReport[] }) {
  const { locale, t } = await pageLanguage();
  const number = new Intl.NumberFormat(locale);
  return (
    <table className={classes.table} data-testid="sweeps">
      <thead>
        <tr>
          <th scope="col">{t("desk.recovery.what")}</th>
          <th scope="col">{t("desk.recovery.last")}</th>
          <th scope="col" className={classes.number}>
            {t("desk.recovery.changed")}
          </th>
        </tr>
      </thead>
      <tbody>
        {sweeps.map(({ name, at, changed, error }) => (
          <tr key={name}>
            <th scope="row">{sweepName(t, name)}</th>
            <td>
              {at === null ? t("desk.recovery.never") : <LocalTime at={at} />}
              {error !== null && (
                <>
                  {" "}
                  <strong>{t("desk.recovery.failed")}</strong> <span lang="en">{error}</span>
                </>
              )}
            </td>
            <td className={classes.number}>{at === null ? "–" : number.format(changed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The sweeps that have a name in the texts, and how they are stored; one of the app's own is shown by its own name. */
const NAMED = {
  "failed events": "failedEvents",
  "open orders": "openOrders",
  grants: "grants",
  reconcile: "reconcile",
  "stuck webhooks": "stuckWebhooks",
  "erased persons": "erasedPersons",
  "old rows": "oldRows",
  "unclaimed subscriptions": "unclaimedSubscriptions",
  "old accounts": "oldAccounts",
} as const;

function sweepName(t: Translate, name: string): string {
  const known = Object.entries(NAMED).find(([stored]) => stored === name)?.[1];
  return known ? t(`desk.recovery.names.${known}`) : name;
}
