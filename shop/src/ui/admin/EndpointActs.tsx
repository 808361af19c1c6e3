import type { WebhookEndpoint } from "oncepaid";
import { Act } from "#/ui/admin/Act.tsx";
import { ChangeEndpoint } from "#/ui/admin/ChangeEndpoint.tsx";
import { eventTypes } from "#/ui/admin/event-types.ts";
import { RotateSecret } from "#/ui/admin/RotateSecret.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What can be done about an endpoint as it is now; that of the settings only rests and wakes. */
export async function EndpointActs({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { t } = await pageLanguage();
  const { id, url, fromSettings, disabledAt } = endpoint;
  const turn = disabledAt === null ? "rest" : "wake";
  return (
    <div className={classes.rows}>
      {!fromSettings && <ChangeEndpoint endpoint={endpoint} types={eventTypes(t)} />}
      {!fromSettings && <RotateSecret endpointId={id} url={url} />}
      <Act
        testId={`act-${turn}`}
        title={t(`desk.endpoints.${turn}Title`)}
        will={t(`desk.endpoints.${turn}Will`)}
        button={t(`desk.endpoints.${turn}Button`)}
        done={t(`desk.endpoints.${turn}Done`)}
        method="PATCH"
        path={`webhook-endpoints/${id}`}
        body={{ enabled: disabledAt !== null }}
        danger={turn === "rest"}
      />
    </div>
  );
}
