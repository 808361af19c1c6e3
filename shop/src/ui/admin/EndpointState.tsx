import type { WebhookEndpoint } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** Whether an endpoint is told what happens, and since when it isn't, or takes nothing. */
export async function EndpointState({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { t } = await pageLanguage();
  const { disabledAt, disabledBecause, failingSince, failures } = endpoint;
  if (disabledAt !== null) {
    return (
      <span data-testid="endpoint-state" data-state="rests">
        <strong>{t(disabledBecause === "failing" ? "desk.endpoints.gaveUp" : "desk.endpoints.rests")}</strong>{" "}
        <LocalTime at={disabledAt} />
      </span>
    );
  }
  if (failingSince !== null) {
    return (
      <span data-testid="endpoint-state" data-state="fails">
        <strong>{t("desk.endpoints.fails", { count: failures })}</strong> <LocalTime at={failingSince} />
      </span>
    );
  }
  return (
    <span data-testid="endpoint-state" data-state="told">
      {t("desk.endpoints.told")}
    </span>
  );
}
