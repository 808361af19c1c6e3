import type { SweepReport } from "oncepaid";
import { sweepName } from "#/ui/admin/sweep-name.ts";
import classes from "#/ui/admin/table.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
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
