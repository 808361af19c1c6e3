import type { ApiKey } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

type KeyRowsProps = { keys: readonly ApiKey[]; addresses: ReadonlyMap<string, string> };

/** Keys of other servers, never themselves: what each may do, when it was used last, and the way to end it. */
export async function KeyRows({ keys, addresses }: KeyRowsProps) {
  const { t } = await pageLanguage();
  if (keys.length === 0) return <p>{t("desk.keys.none")}</p>;
  return (
    <ul className={classes.rows}>
      {keys.map(({ id, name, ending, scopes, createdAt, createdBy, lastUsedAt, revokedAt, revokedBy }) => (
        <li key={id} className={classes.row} data-testid={`key-${name}`}>
          <span className={classes.head}>
            <span className={classes.strong}>{name}</span>
            <span className={classes.id}>opk_…{ending}</span>
            <span lang="en">{scopes.join(", ")}</span>
          </span>
          <span className={classes.quiet}>
            {t("desk.keys.made")} <LocalTime at={createdAt} /> · {addresses.get(createdBy) ?? createdBy}
          </span>
          <span className={classes.quiet}>
            {lastUsedAt === null ? (
              t("desk.keys.neverUsed")
            ) : (
              <>
                {t("desk.keys.lastUsed")} <LocalTime at={lastUsedAt} />
              </>
            )}
          </span>
          {revokedAt === null ? (
            <span className={classes.actions}>
              <Operate label={t("desk.keys.revoke")} name={name} method="DELETE" path={`keys/${id}`} />
            </span>
          ) : (
            <span>
              <strong>{t("desk.keys.revoked")}</strong> <LocalTime at={revokedAt} />
              {revokedBy !== null && ` · ${addresses.get(revokedBy) ?? revokedBy}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
