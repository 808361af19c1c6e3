import { statementOf } from "../stripe/claims.ts";
import type { Effect } from "../stripe/effect.ts";
import { effectsIn } from "../stripe/effects.ts";
import { mentionsEventId } from "../stripe/event-id.ts";
import type { Webhook } from "../stripe/webhooks.ts";
import { someWord, wordsIn } from "../stripe/words.ts";
import { enclosing } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";
import { walk } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

/** A state that says "begun, not done", or something that undoes the mark, makes it safe. */
const NOT_YET_DONE =
  /transaction|pending|processing|attempt|^status$|^state$|processedAt|processed_at|finishedAt|outcome|^tx$|^trx$/i;

export const eventDoneBeforeWork: Rule = {
  id: "event-done-before-work",
  level: "warning",
  title: "An event is remembered as done before its work is.",
  why: "When the work fails or the process dies in between, Stripe sends the event again, it is taken for a duplicate, and the buyer never gets access.",
  fix: "Write the event's id in the same transaction as its effects, or with a state that becomes `done` only afterwards.",
  check({ project, webhooks }) {
    return webhooks.flatMap((webhook): Fault[] => {
      const mark = marksEvent(project, webhook);
      if (!mark || !returnsEarly(webhook)) return [];
      const root = [{ module: webhook.module, node: webhook.handler }];
      if (someWord(wordsIn(root), NOT_YET_DONE)) return [];
      const later = webhook.branches.some(
        ({ module, at }) =>
          module === mark.module &&
          enclosing(module, at) === enclosing(module, mark.node) &&
          Number(at.start) > Number(mark.node.start),
      );
      return later ? [fault(mark.module, mark.node, "The work for this event comes only after this.")] : [];
    });
  },
};

function marksEvent(project: Project, { module, handler }: Webhook): Effect | undefined {
  return effectsIn(project, module, handler).find(
    (effect) =>
      effect.kind === "write" &&
      mentionsEventId(project, effect.module, statementOf(effect.module, effect.node)),
  );
}

/** A delivery whose id is known already is answered at once. */
function returnsEarly({ handler }: Webhook): boolean {
  let found = false;
  walk(handler, (node) => {
    if (node.type === "IfStatement" && /Return|Block/.test(node.consequent.type)) {
      walk(node.consequent, (inner) => {
        if (inner.type === "ReturnStatement") found = true;
        return undefined;
      });
    }
    return undefined;
  });
  return found;
}
