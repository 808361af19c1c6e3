import Link from "next/link";
import type { WebhookEndpoint } from "oncepaid";
import { EndpointState } from "#/ui/admin/EndpointState.tsx";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** The servers that are told what happens, each with the way to what it was told. */
export async function EndpointRows({ endpoints }: { endpoints: readonly WebhookEndpoint[] }) {
  const { t } = await pageLanguage();
  if (endpoints.length === 0) return <p>{t("desk.endpoints.none")}</p>;
  return (
    <ul className={classes.rows}>
      {endpoints.map((endpoint) => {
        const { id, url, description, events, fromSettings } = endpoint;
        return (
          <li key={id} className={classes.row} data-testid={`endpoint-${id}`}>
            <span className={classes.head}>
              <Link href={`/admin/endpoints/${id}`} prefetch={false} className={classes.strong}>
                {url}
              </Link>
              {description !== "" && <span>{description}</span>}
            </span>
            <span className={classes.quiet}>
              {events === null ? t("desk.endpoints.everything") : <code lang="en">{events.join(", ")}</code>}
            </span>
            <EndpointState endpoint={endpoint} />
            {fromSettings ? (
              <span className={classes.quiet}>{t("desk.endpoints.fromSettings")}</span>
            ) : (
              <span className={classes.actions}>
                <Operate
                  label={t("desk.endpoints.remove")}
                  name={url}
                  method="DELETE"
                  path={`webhook-endpoints/${id}`}
                />
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
