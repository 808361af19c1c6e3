import type { Subject } from "./rules/rule.ts";
import { effectsIn } from "./stripe/effects.ts";
import type { Webhook } from "./stripe/webhooks.ts";
import { lineAt } from "./syntax/module.ts";

/** A place the rules can say nothing about. */
export type NotFollowed = { path: string; line: number; reason: string };

/** Webhooks that check a signature and then write nothing that could be seen. */
export function notFollowed({ project, webhooks }: Subject): NotFollowed[] {
  return webhooks.flatMap((webhook) => {
    const [check] = webhook.verifications;
    if (!check || doesSomething(webhook)) return [];
    return [
      {
        path: check.module.path,
        line: lineAt(check.module, check.node),
        reason:
          "events are verified here, and no write could be followed from here, so nothing can be said about what they cause",
      },
    ];
  });

  function doesSomething({ reached }: Webhook): boolean {
    return reached.some(({ module, node }) => effectsIn(project, module, node).length > 0);
  }
}
