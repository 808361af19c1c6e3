import type { WebhookAttempt } from "oncepaid";
import rows from "#/ui/admin/rows.module.css";
import { Wire } from "#/ui/admin/Wire.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** Each try to tell a server something: what was sent, what it answered, or why it didn't. */
export async function AttemptRows({ attempts }: { attempts: readonly WebhookAttempt[] }) {
  const { locale, t } = await pageLanguage();
  const number = new Intl.NumberFormat(locale);
  if (attempts.length === 0) return <p>{t("desk.deliveries.notTried")}</p>;
  return (
    <ol className={rows.rows} data-testid="attempts">
      {attempts.map(({ at, milliseconds, request, status, answer, error }) => (
        <li key={at} className={rows.row}>
          <span className={rows.head}>
            <span className={rows.strong}>
              {status === null ? t("desk.deliveries.noAnswer") : t("desk.deliveries.answered", { status })}
            </span>
            <span className={rows.quiet}>
              <LocalTime at={at} /> · {t("desk.deliveries.took", { ms: number.format(milliseconds) })}
            </span>
          </span>
          {error !== null && (
            <span className={rows.reason} lang="en">
              {error}
            </span>
          )}
          <Wire title={t("desk.deliveries.sent")} text={sentText(request)} />
          {answer !== null && answer !== "" && <Wire title={t("desk.deliveries.answer")} text={answer} />}
        </li>
      ))}
    </ol>
  );
}

/** As it went over the wire: the headers, an empty line, the body. */
function sentText({ headers, body }: WebhookAttempt["request"]): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [...lines, "", body].join("\n");
}
