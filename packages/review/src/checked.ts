import type { Fault, Rule, Subject } from "./rules/rule.ts";

/** A rule that ended before it had looked at everything. */
export type Failure = { rule: string; reason: string };

export type Found = { rule: Rule; fault: Fault };

/** What a rule finds. A rule that fails is told of, and the others go on. */
export function faultsOf(rule: Rule, subject: Subject, failures: Failure[]): Found[] {
  try {
    return rule.check(subject).map((fault) => ({ rule, fault }));
  } catch (error) {
    failures.push({ rule: rule.id, reason: reasonOf(error) });
    return [];
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "the code leads too deep";
  return error instanceof Error ? error.message : String(error);
}
