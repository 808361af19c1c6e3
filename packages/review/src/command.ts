import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Arguments, type FailOn, type Format, USAGE, understand } from "./arguments.ts";
import { baselineOf, notIn } from "./baseline.ts";
import { changedFiles } from "./changed-files.ts";
import { githubReport } from "./report/github.ts";
import { jsonReport } from "./report/json.ts";
import { sarifReport } from "./report/sarif.ts";
import { textReport } from "./report/text.ts";
import { ALL_RULES, type Finding, type Review, review } from "./review.ts";
import type { Level } from "./rules/rule.ts";
import { askedBy, readSettings, type Settings, unknownRule } from "./settings.ts";

type Output = { stdout: (text: string) => void; stderr: (text: string) => void; color: boolean };

const EXIT = { clean: 0, findings: 1, notRead: 2, ruleFailed: 3 };
const RANK: Record<FailOn, number> = { note: 1, warning: 2, error: 3, never: 4 };

/** Runs the command; returns its exit code. Paths are taken from `from`. */
export function reviewCommand(args: readonly string[], from: string, output: Output): number {
  const { stdout, stderr } = output;
  const asked = understand(args);
  if (typeof asked === "string") {
    stderr(`${asked}\n\n${USAGE}`);
    return EXIT.notRead;
  }
  if (asked === undefined || asked.rules) {
    stdout(asked ? ruleList() : USAGE);
    return EXIT.clean;
  }
  const unknown = unknownRule([...asked.only, ...asked.skip]);
  if (unknown !== undefined) {
    stderr(`There is no rule "${unknown}". --rules lists them.\n`);
    return EXIT.notRead;
  }
  const start = performance.now();
  const reviewed = attempt(() => reviewOf(asked, from));
  if (typeof reviewed === "string") {
    stderr(`${asked.path} could not be read: ${reviewed}.\n`);
    return EXIT.notRead;
  }
  const { result, settings } = reviewed;
  if (!result.anyParsed && result.findings.length === 0) {
    stderr(`${asked.path} has no JavaScript or TypeScript that can be read.\n${reasons(result)}`);
    return EXIT.notRead;
  }
  const problem = tell(asked, result, from, output, performance.now() - start);
  if (problem !== undefined) {
    stderr(`${problem}\n`);
    return EXIT.notRead;
  }
  return exitCode(result, asked.failOn ?? settings.failOn ?? "warning");
}

function ruleList(): string {
  return ALL_RULES.map(({ id, level, title }) => `${id}  ${level}  ${title}\n`).join("");
}

/** The review with its settings, without what is known already or was not changed. */
function reviewOf(asked: Arguments, from: string): { result: Review; settings: Settings } {
  const path = resolve(from, asked.path);
  if (!existsSync(path)) throw new Error("there is no such file or folder");
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  const settings = readSettings(folder, asked.config === undefined ? undefined : resolve(from, asked.config));
  const result = review(path, askedBy(settings, asked.only, asked.skip));
  const findings = unknownYet(asked, settings, folder, from, ofChanged(asked, path, result.findings));
  return { result: { ...result, findings }, settings };
}

function ofChanged({ changed }: Arguments, path: string, findings: readonly Finding[]): readonly Finding[] {
  if (changed === undefined) return findings;
  const files = changedFiles(path, changed);
  return findings.filter((finding) => files.has(finding.path));
}

function unknownYet(
  asked: Arguments,
  settings: Settings,
  folder: string,
  from: string,
  findings: readonly Finding[],
): readonly Finding[] {
  if (asked.baseline !== undefined)
    return notIn(readFileSync(resolve(from, asked.baseline), "utf8"), findings);
  // A baseline that is written anew lists everything, not only what the old one lacks.
  if (settings.baseline === undefined || asked.writeBaseline !== undefined) return findings;
  return notIn(readFileSync(join(folder, settings.baseline), "utf8"), findings);
}

/** Writes the report; a sentence when it can't be written. */
function tell(
  { format, output, writeBaseline }: Arguments,
  result: Review,
  from: string,
  { stdout, color }: Output,
  milliseconds: number,
): string | undefined {
  const report = written(result, format, { color: color && output === undefined, milliseconds });
  const files = [
    ...(output === undefined ? [] : [{ file: output, text: report }]),
    ...(writeBaseline === undefined ? [] : [{ file: writeBaseline, text: baselineOf(result.findings) }]),
  ];
  if (output === undefined) stdout(report);
  for (const { file, text } of files) {
    const problem = attempt(() => writeFileSync(resolve(from, file), text));
    if (typeof problem === "string") return `${file} could not be written: ${problem}.`;
  }
  return undefined;
}

/** The exit code of what was found. */
export function exitCode(
  { findings, failures }: Pick<Review, "findings" | "failures">,
  failOn: FailOn,
): number {
  if (findings.some(({ level }) => isAtLeast(level, failOn))) return EXIT.findings;
  return failures.length > 0 ? EXIT.ruleFailed : EXIT.clean;
}

function isAtLeast(level: Level, lowest: FailOn): boolean {
  return RANK[level] >= RANK[lowest];
}

function written(result: Review, format: Format, shown: { color: boolean; milliseconds: number }): string {
  switch (format) {
    case "text":
      return textReport(result, shown);
    case "json":
      return jsonReport(result);
    case "sarif":
      return sarifReport(result);
    case "github":
      return githubReport(result);
  }
}

function reasons({ skipped }: Review): string {
  return skipped.map(({ path, reason }) => `  ${path}: ${reason}\n`).join("");
}

/** What the function gives, or the message of what it throws. */
function attempt<T>(act: () => T): T | string {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
