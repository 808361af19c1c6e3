import { ALL_RULES, type Finding, type Review } from "../review.ts";
import { helpOf, helpPage } from "./help.ts";

/** For code scanning. Source: docs.oasis-open.org/sarif/sarif/v2.1.0. */
export function sarifReport({ findings, skipped, notFollowed, failures }: Review): string {
  const report = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "oncepaid review",
            rules: ALL_RULES.map(({ id, level, title, why, fix }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              helpUri: helpOf(id),
              help: { text: `${why}\n\n${fix}`, markdown: helpPage(id) },
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: [
              ...skipped.map(({ path, reason }) => notification(`Not read: ${reason}`, path)),
              ...notFollowed.map(({ path, line, reason }) =>
                notification(`Not followed: ${reason}`, path, line),
              ),
              ...failures.map(({ rule, reason }) => ({
                level: "error",
                message: { text: `The review is incomplete: ${rule} failed (${reason})` },
              })),
            ],
          },
        ],
        results: findings.map(result),
      },
    ],
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function notification(text: string, path: string, line?: number) {
  const region = line === undefined ? {} : { region: { startLine: line } };
  return {
    level: "note",
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(path) }, ...region } }],
  };
}

function result({ rule, level, path, line, column, endLine, endColumn, message }: Finding) {
  return {
    ruleId: rule.id,
    ruleIndex: ALL_RULES.indexOf(rule),
    level,
    message: { text: `${rule.title} ${message}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(path) },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
  };
}
