import type { Diagnosis } from "#/operations/doctor/doctor.ts";
import type { Finding } from "#/operations/doctor/finding.ts";

/** A diagnosis as a person reads it in a terminal; `color` where it is one. */

const NAME_WIDTH = 18;
const MARK = { ok: "✓", warn: "!", fail: "✗" };
const COLOR = { ok: 32, warn: 33, fail: 31 };

/**
 * All of it, a line for each finding.
 *
 * @example
 * console.log(diagnosisText(diagnosis, process.stdout.isTTY));
 */
export function diagnosisText(diagnosis: Diagnosis, color: boolean): string {
  const lines = diagnosis.flatMap(({ check, findings }) =>
    findings.flatMap((finding, place) => findingLines(place === 0 ? check : "", finding, color)),
  );
  return ["", ...lines, "", verdict(diagnosis), ""].join("\n");
}

function findingLines(check: string, finding: Finding, color: boolean): string[] {
  const mark = color ? `\x1b[${COLOR[finding.level]}m${MARK[finding.level]}\x1b[39m` : MARK[finding.level];
  const first = `  ${mark} ${check.padEnd(NAME_WIDTH)}${finding.what}`;
  return finding.level === "ok" ? [first] : [first, `    ${" ".repeat(NAME_WIDTH)}→ ${finding.todo}`];
}

function verdict(diagnosis: Diagnosis): string {
  const count = (level: Finding["level"]) =>
    diagnosis.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
  const [failures, warnings] = [count("fail"), count("warn")];
  const also = warnings > 0 ? `, ${warnings} worth a look` : "";
  return failures === 0
    ? `  Ready for buyers${also}.`
    : `  ${failures} to set right before buyers come${also}.`;
}
