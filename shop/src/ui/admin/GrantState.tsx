import type { EntitlementView } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import { accessState } from "#/ui/receipt/StatePill.tsx";

/** Open, paused or ended, how many, and since or until when. */
export async function GrantState({ entitlement }: { entitlement: EntitlementView }) {
  const { t } = await pageLanguage();
  const { state, kind, quantity, endsAt } = entitlement;
  const known = accessState(state);
  return (
    <span data-state={state}>
      {known === "active" || known === "suspended" || known === "ended" ? t(`desk.state.${known}`) : state}
      {kind === "plan" && <> · {t("order.seats", { count: quantity })}</>}
      {endsAt !== null && (
        <>
          {" "}
          · <LocalTime at={endsAt} />
        </>
      )}
    </span>
  );
}
