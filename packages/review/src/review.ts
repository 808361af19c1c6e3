import { type Failure, type Found, faultsOf, reasonOf } from "./checked.ts";
import type { Left } from "./files/find-files.ts";
import { load } from "./load.ts";
import { type NotFollowed, notFollowed } from "./not-followed.ts";
import type { Fault, Level, Rule, Subject } from "./rules/rule.ts";
import { RULES } from "./rules/rules.ts";
import { type Webhook, webhooksOf } from "./stripe/webhooks.ts";
import { complaint, type Suppression, suppressionIncomplete, suppressionsOf } from "./suppressions.ts";
import type { Project } from "./syntax/project.ts";

export type Finding = Omit<Fault, "level"> & {
  rule: Rule;
  level: Level;
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
  /** Webhooks about which the rules can say nothing, so that finding nothing says nothing. */
  notFollowed: readonly NotFollowed[];
  failures: readonly Failure[];
  /** Findings that a comment silenced. */
  silenced: number;
};

/** What is asked of a review; everything by default. */
export type Asked = {
  /** The level of a rule's findings instead of its own; `off` leaves the rule out. */
  levels?: ReadonlyMap<string, Level | "off">;
  /** Whether a file is left out, by its path below the project's root. */
  isLeftOut?: (path: string) => boolean;
};

/** Every rule there is, with the one about silencing rules. */
export const ALL_RULES: readonly Rule[] = [...RULES, suppressionIncomplete];

/** Reviews a project or one file, running none of it. Throws when `path` can't be read. */
export function review(path: string, { levels = new Map(), isLeftOut }: Asked = {}): Review {
  const { project, files, left } = load(path, isLeftOut);
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const failures: Failure[] = [];
  const suppressions = suppressionsOf(project, files);
  const subject: Subject = { project, files, webhooks: webhooksIn(project, failures) };
  const asked = RULES.filter(({ id }) => levels.get(id) !== "off");
  const found = once(asked.flatMap((rule) => faultsOf(rule, subject, failures)));
  const ids = new Set(ALL_RULES.map(({ id }) => id));
  const complaints = suppressions.flatMap((suppression) => {
    const fault = complaint(texts.get(suppression.path) ?? "", suppression, ids);
    return fault && levels.get(suppressionIncomplete.id) !== "off"
      ? [{ rule: suppressionIncomplete, fault }]
      : [];
  });
  const open = found.filter(({ rule, fault }) => !suppressions.some((one) => silences(one, rule, fault)));
  const unread = new Set(left.map((one) => one.path));
  return {
    findings: [...open, ...complaints].map((one) => finding(one, texts, levels)).sort(inOrder),
    filesRead: files.length,
    anyParsed: files.some((file) => file.kind !== "text" && !unread.has(file.path)),
    skipped: left,
    notFollowed: notFollowed(subject),
    failures,
    silenced: found.length - open.length,
  };
}

function webhooksIn(project: Project, failures: Failure[]): Webhook[] {
  try {
    return webhooksOf(project);
  } catch (error) {
    failures.push({ rule: "every rule about webhooks", reason: reasonOf(error) });
    return [];
  }
}

/** What two ways through the code lead to is one finding. */
function once(found: readonly Found[]): Found[] {
  const seen = new Map(
    found.map((one) => [[one.rule.id, one.fault.path, one.fault.line, one.fault.column].join("\n"), one]),
  );
  return [...seen.values()];
}

function finding(
  { rule, fault }: Found,
  texts: ReadonlyMap<string, string>,
  levels: ReadonlyMap<string, Level | "off">,
): Finding {
  const asked = levels.get(rule.id);
  const own = fault.level ?? rule.level;
  return {
    ...fault,
    rule,
    level: asked === undefined || asked === "off" ? own : asked,
    source: lineOf(texts.get(fault.path) ?? "", fault.line),
  };
}

function silences({ path, rule: id, reason, lines }: Suppression, rule: Rule, fault: Fault): boolean {
  return path === fault.path && id === rule.id && reason !== "" && lines.includes(fault.line);
}

function lineOf(text: string, line: number): string {
  return (text.split("\n")[line - 1] ?? "").trimEnd();
}

function inOrder(a: Finding, b: Finding): number {
  return compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule.id, b.rule.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
