import type { SlotMessage } from "oncepaid";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

type MessageRowsProps = {
  messages: readonly SlotMessage[];
  /** The addresses of the accounts that wrote. */
  operators: ReadonlyMap<string, string>;
};

/** What was written to those who booked a date, the newest first. */
export async function MessageRows({ messages, operators }: MessageRowsProps) {
  const { t } = await pageLanguage();
  if (messages.length === 0) return <p className={classes.quiet}>{t("desk.date.noMessages")}</p>;
  return (
    <ul className={classes.rows}>
      {messages.map(({ id, subject, text, by, at, recipients }) => (
        <li key={id} className={classes.row} data-testid="slot-message">
          <span className={classes.strong}>{subject}</span>
          <span className={classes.text}>{text}</span>
          <span className={classes.quiet}>
            <LocalTime at={at} /> · {operators.get(by) ?? by} · {t("desk.date.sentTo", { count: recipients })}
          </span>
        </li>
      ))}
    </ul>
  );
}
