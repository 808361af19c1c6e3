import type { LastDiagnosis } from "oncepaid";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What the doctor said the last time: first what has to be set right, then what may surprise. */
export async function DoctorReport({ last }: { last: LastDiagnosis | null }) {
  const { t } = await pageLanguage();
  if (last === null) return <p>{t("desk.recovery.noDoctor", { command: "npm run doctor" })}</p>;
  const found = last.diagnosis.flatMap(({ check, findings }) =>
    findings.flatMap((finding) => (finding.level === "ok" ? [] : [{ check, ...finding }])),
  );
  const right = last.diagnosis.filter(({ findings }) => findings.every(({ level }) => level === "ok"));
  return (
    <div data-testid="doctor-report">
      <p>
        <LocalTime at={last.at} /> ·{" "}
        {t("desk.recovery.found", { right: right.length, all: last.diagnosis.length })}
      </p>
      <ul className={classes.rows}>
        {found.map(({ check, level, what, todo }) => (
          <li key={`${check} ${what}`} className={classes.row}>
            <span className={classes.head}>
              <span className={classes.strong}>{t(`desk.recovery.levels.${level}`)}</span>
              <span lang="en">{check}</span>
            </span>
            <span lang="en">{what}</span>
            <span className={classes.quiet} lang="en">
              {todo}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
