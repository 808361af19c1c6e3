import type { DeskEventFilter, EventOutcome } from "oncepaid";
import type { SearchParams } from "#/ui/admin/order-query.ts";

export const OUTCOMES = ["applied", "ignored", "quarantined", "failed"] as const satisfies EventOutcome[];

/** What the list of Stripe's events is asked for. What isn't known is left out: an old bookmark shows more, not an error. */
export function readEventQuery(params: SearchParams): DeskEventFilter {
  const text = (name: string) => {
    const given = params[name];
    return typeof given === "string" && given.trim() !== "" ? given.trim() : undefined;
  };
  return {
    type: text("type"),
    outcome: OUTCOMES.find((outcome) => outcome === text("outcome")),
    after: text("after"),
  };
}
