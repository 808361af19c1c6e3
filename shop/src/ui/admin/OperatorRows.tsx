import type { Role } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

type OperatorRow = { email: string; role: Role; fromSettings: boolean; addedAt: string | null };

/** Who may open the desk, each with what they may do; those of the settings can't be changed here. */
export async function OperatorRows({ operators }: { operators: readonly OperatorRow[] }) {
  const { locale, t } = await pageLanguage();
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  return (
    <ul className={classes.rows}>
      {operators.map(({ email, role, fromSettings, addedAt }) => (
        <li key={email} className={classes.row} data-testid={`operator-${email}`}>
          <span className={classes.head}>
            <span className={classes.strong}>{email}</span>
            <span>{t(`desk.roles.${role}`)}</span>
          </span>
          <span className={classes.quiet}>
            {addedAt === null
              ? t("desk.operators.fromSettings")
              : t("desk.operators.addedAt", { date: day.format(new Date(addedAt)) })}
          </span>
          {!fromSettings && (
            <span className={classes.actions}>
              <Operate
                label={t("admin.operators.take")}
                name={email}
                method="DELETE"
                path={`admin/operators/${encodeURIComponent(email)}`}
              />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
