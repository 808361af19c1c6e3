import type { Left } from "./files/find-files.ts";
import { load } from "./load.ts";
import type { Fault, Rule } from "./rules/rule.ts";
import { RULES } from "./rules/rules.ts";
import { webhooksOf } from "./stripe/webhooks.ts";
import { complaint, type Suppression, suppressionIncomplete, suppressionsOf } from "./suppressions.ts";

export type Finding = Fault & {
  rule: Rule;
  /** The line of the file, for showing it. */
  source: string;
};

export type Review = {
  findings: readonly Finding[];
  filesRead: number;
  /** False where not one of them could be parsed, so that finding nothing says nothing. */
  anyParsed: boolean;
  /** What was skipped, and why. Paths are below the project's root. */
  skipped: readonly Left[];
  /** Findings that a comment silenced. */
  silenced: number;
};

/** Every rule there is, with the one about silencing rules. */
export const ALL_RULES: readonly Rule[] = [...RULES, suppressionIncomplete];

/** Reviews a project or one file, running none of it. Throws when `path` can't be read. */
export function review(path: string): Review {
  const { project, files, left } = load(path);
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const suppressions = suppressionsOf(project, files);
  const subject = { project, files, webhooks: webhooksOf(project) };
  const found = RULES.flatMap((rule) => rule.check(subject).map((fault) => ({ rule, fault })));
  const ids = new Set(ALL_RULES.map(({ id }) => id));
  const complaints = suppressions.flatMap((suppression) => {
    const fault = complaint(texts.get(suppression.path) ?? "", suppression, ids);
    return fault ? [{ rule: suppressionIncomplete, fault }] : [];
  });
  const open = found.filter(({ rule, fault }) => !suppressions.some((one) => silences(one, rule, fault)));
  const findings = [...open, ...complaints]
    .map(({ rule, fault }) => ({ ...fault, rule, source: lineOf(texts.get(fault.path) ?? "", fault.line) }))
    .sort(
      (a, b) =>
        compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule.id, b.rule.id),
    );
  const unread = new Set(left.map(({ path }) => path));
  const anyParsed = files.some((file) => !unread.has(file.path));
  return {
    findings,
    filesRead: files.length,
    anyParsed,
    skipped: left,
    silenced: found.length - open.length,
  };
}

function silences({ path, rule: id, reason, lines }: Suppression, rule: Rule, fault: Fault): boolean {
  return path === fault.path && id === rule.id && reason !== "" && lines.includes(fault.line);
}

function lineOf(text: string, line: number): string {
  return (text.split("\n")[line - 1] ?? "").trimEnd();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
