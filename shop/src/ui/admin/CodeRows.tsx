import type { PromotionCode } from "oncepaid";
import { formatMoney } from "#/texts/money.ts";
import { Act } from "#/ui/admin/Act.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What each code takes off and how often it was used; those that can be used have a way to end them. */
export async function CodeRows({ codes }: { codes: readonly PromotionCode[] }) {
  const { locale, t } = await pageLanguage();
  if (codes.length === 0) return <p>{t("desk.codes.none")}</p>;
  const percentage = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const offOf = ({ percentOff, amountOff, currency }: PromotionCode) =>
    percentOff === null
      ? t("desk.codes.off", { what: formatMoney(amountOff ?? 0, currency ?? "usd", locale, "short") })
      : t("desk.codes.off", { what: percentage.format(percentOff / 100) });
  return (
    <ul className={classes.rows}>
      {codes.map((one) => {
        const { id, code, active, duration, durationInMonths, maxRedemptions, timesRedeemed, expiresAt } =
          one;
        return (
          <li key={id} className={classes.row} data-testid={`code-${code}`}>
            <span className={classes.head}>
              <span className={classes.strong}>{code}</span>
              <span>{offOf(one)}</span>
              <span className={classes.quiet}>
                {t(`desk.codes.duration.${duration}`, { months: durationInMonths ?? 0 })}
              </span>
            </span>
            <span className={classes.quiet}>
              {maxRedemptions === null
                ? t("desk.codes.used", { times: timesRedeemed })
                : t("desk.codes.usedOf", { times: timesRedeemed, most: maxRedemptions })}
              {expiresAt !== null && (
                <>
                  {" · "}
                  {t("desk.codes.until")} <LocalTime at={expiresAt} />
                </>
              )}
            </span>
            {active ? (
              <Act
                title={t("admin.codes.endTitle")}
                will={t("admin.codes.endWill", { code })}
                button={t("admin.codes.endButton")}
                done={t("admin.codes.endDone")}
                path={`promotion-codes/${id}/deactivate`}
                danger
                testId={`end-${code}`}
              />
            ) : (
              <strong>{t("desk.codes.over")}</strong>
            )}
          </li>
        );
      })}
    </ul>
  );
}
