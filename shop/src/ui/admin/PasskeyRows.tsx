import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

type PasskeyRow = { id: string; name: string; addedAt: string; usedAt: string | null };

/** One's own passkeys, with when each was used last, and the way to end it. */
export async function PasskeyRows({ passkeys }: { passkeys: readonly PasskeyRow[] }) {
  const { t } = await pageLanguage();
  if (passkeys.length === 0) return <p>{t("desk.passkeys.none")}</p>;
  return (
    <ul className={classes.rows}>
      {passkeys.map(({ id, name, addedAt, usedAt }) => (
        <li key={id} className={classes.row} data-testid={`passkey-${name}`}>
          <span className={classes.head}>
            <span className={classes.strong}>{name}</span>
          </span>
          <span className={classes.quiet}>
            {t("desk.passkeys.added")} <LocalTime at={addedAt} />
          </span>
          <span className={classes.quiet}>
            {usedAt === null ? (
              t("desk.passkeys.neverUsed")
            ) : (
              <>
                {t("desk.passkeys.lastUsed")} <LocalTime at={usedAt} />
              </>
            )}
          </span>
          <span className={classes.actions}>
            <Operate
              label={t("desk.passkeys.remove")}
              name={name}
              method="DELETE"
              path={`admin/passkeys/${encodeURIComponent(id)}`}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
