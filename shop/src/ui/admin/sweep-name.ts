import type { Translate } from "#/ui/language/page-language.ts";

/** The sweeps that have a name in the texts, by how they are stored; one of the app's own is shown by its own name. */
const NAMED = {
  "failed events": "failedEvents",
  "open orders": "openOrders",
  grants: "grants",
  reconcile: "reconcile",
  "stuck webhooks": "stuckWebhooks",
  "erased persons": "erasedPersons",
  "old rows": "oldRows",
  "unclaimed subscriptions": "unclaimedSubscriptions",
  "old accounts": "oldAccounts",
  "waiting lists": "waitingLists",
  "cart reminders": "cartReminders",
} as const;

export function sweepName(t: Translate, name: string): string {
  const known = Object.entries(NAMED).find(([stored]) => stored === name)?.[1];
  return known ? t(`desk.recovery.names.${known}`) : name;
}
