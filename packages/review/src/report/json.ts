import type { Review } from "../review.ts";
import { helpOf } from "./help.ts";

/** Raised when a field is renamed or removed, or means something else; new fields may come at any time. */
const SHAPE_VERSION = 1;

/** For programs. The shape is described in README.md. */
export function jsonReport(review: Review): string {
  const report = {
    version: SHAPE_VERSION,
    filesRead: review.filesRead,
    silenced: review.silenced,
    skipped: review.skipped.map(({ path, reason }) => ({ path, reason })),
    notFollowed: review.notFollowed,
    failures: review.failures,
    findings: review.findings.map(({ rule, level, path, line, column, endLine, endColumn, message }) => ({
      rule: rule.id,
      level,
      path,
      line,
      column,
      endLine,
      endColumn,
      title: rule.title,
      message,
      why: rule.why,
      fix: rule.fix,
      help: helpOf(rule.id),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
