import type { Finding, Review } from "../review.ts";

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
  return `${[...groups, ...skipped(review, paint), summary(review, milliseconds)].join("\n\n")}\n`;
}

function shown(finding: Finding, paint: Paint): string {
  const { rule, path, line, column, message, source } = finding;
  const mark = rule.level === "error" ? paint.red : paint.yellow;
  const number = String(line);
  const { text, from, length } = frame(finding, source);
  return [
    `  ${paint.dim(`${path}:${line}:${column}`)}  ${mark(rule.level)}  ${paint.bold(rule.id)}`,
    `    ${rule.title} ${message}`,
    `    ${paint.dim(`${number} |`)} ${text}`,
    `    ${paint.dim(`${" ".repeat(number.length)} |`)} ${" ".repeat(from)}${mark("^".repeat(length))}`,
    ...wrapped("Why", rule.why, paint),
    ...wrapped("Fix", rule.fix, paint),
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

function skipped({ skipped: left }: Review, paint: Paint): string[] {
  if (left.length === 0) return [];
  const lines = left.slice(0, NAMED_FILES).map(({ path, reason }) => `  ${path}: ${reason}`);
  const more = left.length > NAMED_FILES ? [`  and ${left.length - NAMED_FILES} more`] : [];
  return [[paint.bold("Not read"), ...lines, ...more].join("\n")];
}

function summary({ findings, filesRead, silenced }: Review, milliseconds: number): string {
  const errors = findings.filter(({ rule }) => rule.level === "error").length;
  const warnings = findings.length - errors;
  const found =
    findings.length === 0
      ? "Nothing found"
      : `${counted(errors, "error")} and ${counted(warnings, "warning")}`;
  const quiet = silenced > 0 ? `, ${silenced} silenced by a comment` : "";
  return `${found}${quiet} in ${counted(filesRead, "file")} (${(milliseconds / 1000).toFixed(1)} s).`;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function painter(color: boolean): Paint {
  const code = (on: number, off: number) => (text: string) =>
    color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), yellow: code(33, 39) };
}
