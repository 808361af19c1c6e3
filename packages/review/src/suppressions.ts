import type { SourceFile } from "./load.ts";
import { type Fault, faultAt, type Rule } from "./rules/rule.ts";
import type { Project } from "./syntax/project.ts";

const COMMENT = /oncepaid-review-ignore\b[ \t]*([\w-]*)[ \t]*(?::[ \t]*(.*?))?[ \t]*(?:\*\/.*|-->.*)?$/;
/** Where a comment begins in a file whose comments aren't known from its tree. */
const BEGINS = /(?:^|\s)(?:\/\/|\/\*|#|<!--)\s*$/;
/** A guide shows such comments; only one that isn't shown is meant. */
const BEGINS_IN_PROSE = /<!--\s*$/;

/** Silences one rule on its own line, or on the next line that isn't a comment. */
export type Suppression = {
  path: string;
  rule: string;
  reason: string;
  lines: readonly number[];
  from: number;
  to: number;
};

export const suppressionIncomplete: Rule = {
  id: "suppression-incomplete",
  level: "warning",
  title: "A finding is silenced without a rule or a reason.",
  why: "The next reader can't tell whether somebody thought about the money or only wanted quiet, so it silences nothing.",
  fix: "Write `// oncepaid-review-ignore <rule>: <reason>`.",
  check: () => [],
};

export function suppressionsOf(project: Project, files: readonly SourceFile[]): Suppression[] {
  const modules = new Map(project.modules.map((module) => [module.path, module]));
  return files.flatMap(({ path, text }) => {
    if (!text.includes("oncepaid-review-ignore")) return [];
    const comments = modules.get(path)?.comments.map(({ start, end }) => [start ?? 0, end ?? 0] as const);
    return suppressionsIn(path, text, (index, before) =>
      comments
        ? comments.some(([from, to]) => index >= from && index < to) && isFirstIn(before)
        : (path.endsWith(".md") ? BEGINS_IN_PROSE : BEGINS).test(before),
    );
  });
}

function isFirstIn(before: string): boolean {
  return /(?:\/\/|\/\*+|^\s*\*)\s*$/.test(before);
}

function suppressionsIn(
  path: string,
  text: string,
  isComment: (index: number, before: string) => boolean,
): Suppression[] {
  const lines = text.split("\n");
  let offset = 0;
  return lines.flatMap((raw, index) => {
    const start = offset;
    offset += raw.length + 1;
    const match = COMMENT.exec(raw.replace(/\r$/, ""));
    const at = raw.indexOf("oncepaid-review-ignore");
    if (!match || !isComment(start + at, raw.slice(0, at))) return [];
    const [, rule = "", reason = ""] = match;
    return [
      {
        path,
        rule,
        reason,
        lines: [index + 1, nextCode(lines, index)],
        from: start + at,
        to: start + raw.trimEnd().length,
      },
    ];
  });
}

function nextCode(lines: readonly string[], index: number): number {
  let next = index + 1;
  while (/^\s*(?:\/\/|\/\*|\*|#|$)/.test(lines[next] ?? "end")) next++;
  return next + 1;
}

/** What is wrong with a suppression itself; undefined when it counts. */
export function complaint(
  text: string,
  suppression: Suppression,
  rules: ReadonlySet<string>,
): Fault | undefined {
  const { path, rule, reason, from, to } = suppression;
  const tell = (message: string) => faultAt(path, text, from, to, message);
  if (rule === "") return tell("It names no rule, so it silences nothing.");
  if (!rules.has(rule)) return tell(`There is no rule "${rule}".`);
  return reason === "" ? tell(`It gives no reason, so ${rule} is still reported.`) : undefined;
}
