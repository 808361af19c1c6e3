import type { Store } from "../store.ts";

const DAY = 86_400;
const SETTING = "webhook_auto_disable";
const NOTE = "failing_since";

/** Days after which an endpoint that has failed all the time is switched off, or null: never. */
export function autoDisableOf(store: Store): number | null {
  const days = store.setting(SETTING);
  return days === undefined || days === "" ? null : Number(days);
}

export function setAutoDisable(store: Store, days: number | null): void {
  store.setSetting(SETTING, days === null ? "" : String(days));
}

/** After a try: one success starts the count anew; too many days of nothing but failures switch the endpoint off. */
export function judgeEndpoint(store: Store, id: string, succeeded: boolean, now: number): void {
  const days = autoDisableOf(store);
  if (days === null) return;
  const since = store.note(id, NOTE) ?? "";
  if (succeeded) {
    if (since !== "") store.setNote(id, NOTE, "");
  } else if (since === "") store.setNote(id, NOTE, String(now));
  else if (now - Number(since) >= days * DAY) {
    const endpoint = store.find("webhook_endpoint", id);
    if (endpoint) store.update({ ...endpoint, status: "disabled" });
    store.setNote(id, NOTE, "");
  }
}
