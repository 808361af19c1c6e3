import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon, type IconName } from "#/ui/look/Icon.tsx";
import classes from "#/ui/receipt/StatePill.module.css";

export type AccessState = keyof typeof ICONS;

const ICONS = {
  active: "check",
  suspended: "pause",
  ended: "lock",
  waiting: "clock",
  preparing: "clock",
  none: "lock",
} as const satisfies Record<string, IconName>;

/** Whether access is open, paused or ended, as a word with a colour. */
export async function StatePill({ state }: { state: AccessState }) {
  const { t } = await pageLanguage();
  return (
    <span className={classes.state} data-state={state}>
      <Icon name={ICONS[state]} size={16} />
      {t(`order.state.${state}`)}
    </span>
  );
}

/** An entitlement's own state. One this version doesn't know is shown as ended, because it may not be access. */
export function accessState(state: string): AccessState {
  return state === "active" || state === "suspended" ? state : "ended";
}
