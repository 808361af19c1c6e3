import { ALL_RULES, type Finding, type Review } from "../review.ts";

/** For code scanning. Source: docs.oasis-open.org/sarif/sarif/v2.1.0. */
export function sarifReport({ findings, skipped }: Review): string {
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
              help: { text: `${why}\n\n${fix}`, markdown: `${why}\n\n**Fix:** ${fix}` },
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: skipped.map(({ path, reason }) => ({
              level: "note",
              message: { text: `Not read: ${reason}` },
              locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(path) } } }],
            })),
          },
        ],
        results: findings.map(result),
      },
    ],
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function result({ rule, path, line, column, endLine, endColumn, message }: Finding) {
  return {
    ruleId: rule.id,
    ruleIndex: ALL_RULES.indexOf(rule),
    level: rule.level,
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
