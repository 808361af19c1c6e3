import type { Finding, Review } from "../review.ts";
import { helpOf } from "./help.ts";

const LONGEST_LINE = 110;
const NAMED_FILES = 10;

type Paint = Record<"bold" | "dim" | "red" | "yellow", (text: string) => string>;

/** For a person: findings by file, each with its line of code, and one line of summary at the end. */
export function textReport(
  review: Review,
  { color, milliseconds }: { color: boolean; milliseconds: number },
): string {
  const paint = painter(color);
  const files = Map.groupBy(review.findings, ({ path }) => path);
  const groups = [...files].map(([path, findings]) =>
    [paint.bold(path), ...findings.map((finding) => shown(finding, paint))].join("\n\n"),
  );
  const parts = [
    ...groups,
    ...list(
      "Not read",
      review.skipped.map(({ path, reason }) => `${path}: ${reason}`),
      paint,
    ),
    ...list(
      "Not followed",
      review.notFollowed.map(({ path, line, reason }) => `${path}:${line}: ${reason}`),
      paint,
    ),
    ...list(
      "Rules that failed",
      review.failures.map(({ rule, reason }) => `${rule}: ${reason}`),
      paint,
    ),
    summary(review, milliseconds),
  ];
  return `${parts.join("\n\n")}\n`;
}

function shown(finding: Finding, paint: Paint): string {
  const { rule, level, path, line, column, message, source } = finding;
  const mark = { error: paint.red, warning: paint.yellow, note: paint.dim }[level];
  const number = String(line);
  const { text, from, length } = frame(finding, source);
  return [
    `  ${paint.dim(`${path}:${line}:${column}`)}  ${mark(level)}  ${paint.bold(rule.id)}`,
    `    ${rule.title} ${message}`,
    `    ${paint.dim(`${number} |`)} ${text}`,
    `    ${paint.dim(`${" ".repeat(number.length)} |`)} ${" ".repeat(from)}${mark("^".repeat(length))}`,
    ...wrapped("Why", rule.why, paint),
    ...wrapped("Fix", rule.fix, paint),
    `    ${paint.dim(`See ${helpOf(rule.id)}`)}`,
  ].join("\n");
}

/** The line without its indentation, and what of it is meant. A secret is not shown again. */
function frame({ rule, line, column, endLine, endColumn }: Finding, source: string) {
  const indent = /^\s*/.exec(source)?.[0].length ?? 0;
  const end = endLine === line ? endColumn : source.length + 1;
  const hidden = rule.id === "secret-in-source";
  const line_ = hidden
    ? source.slice(0, column - 1) + hide(source.slice(column - 1, end - 1)) + source.slice(end - 1)
    : source;
  const text = line_.slice(indent).replaceAll("\t", " ");
  const from = Math.max(0, column - 1 - indent);
  return {
    text: text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text,
    from: Math.min(from, LONGEST_LINE),
    length: Math.max(1, Math.min(end - column, LONGEST_LINE - from)),
  };
}

function hide(secret: string): string {
  const prefix = /^(?:(?:sk|rk)_(?:live|test)_|whsec_)/.exec(secret)?.[0] ?? "";
  return prefix + "•".repeat(secret.length - prefix.length);
}

function wrapped(name: string, text: string, paint: Paint): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LONGEST_LINE - 10)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => `    ${index === 0 ? paint.dim(name) : " ".repeat(name.length)} ${line}`);
}

function list(heading: string, entries: readonly string[], paint: Paint): string[] {
  if (entries.length === 0) return [];
  const lines = entries.slice(0, NAMED_FILES).map((entry) => `  ${entry}`);
  const more = entries.length > NAMED_FILES ? [`  and ${entries.length - NAMED_FILES} more`] : [];
  return [[paint.bold(heading), ...lines, ...more].join("\n")];
}

function summary(
  { findings, filesRead, silenced, notFollowed, failures }: Review,
  milliseconds: number,
): string {
  const quiet = silenced > 0 ? `, ${silenced} silenced by a comment` : "";
  const blind = notFollowed.length > 0 ? `, ${counted(notFollowed.length, "webhook")} not followed` : "";
  const failed = failures.length > 0 ? `, ${counted(failures.length, "rule")} failed` : "";
  const time = (milliseconds / 1000).toFixed(1);
  return `${foundIn(findings)}${quiet}${blind}${failed} in ${counted(filesRead, "file")} (${time} s).`;
}

function foundIn(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing found";
  const [errors, warnings, notes] = (["error", "warning", "note"] as const).map(
    (level) => findings.filter((finding) => finding.level === level).length,
  );
  const more = notes ? ` and ${counted(notes, "note")}` : "";
  return `${counted(errors ?? 0, "error")}${more ? "," : " and"} ${counted(warnings ?? 0, "warning")}${more}`;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function painter(color: boolean): Paint {
  const code = (on: number, off: number) => (text: string) =>
    color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), yellow: code(33, 39) };
}
