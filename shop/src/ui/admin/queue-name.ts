import type { Translate } from "#/ui/language/page-language.ts";

/** The queues that have a name in the texts; another one is shown by its own. */
const NAMED = [
  "mail",
  "after",
  "outbound_webhook",
  "refund",
  "support",
  "trial_card",
  "stop_billing",
  "fraud_warning",
  "resume_billing",
] as const;

export function queueName(t: Translate, queue: string): string {
  const named = NAMED.find((name) => name === queue);
  return named ? t(`admin.queues.${named}`) : queue;
}
