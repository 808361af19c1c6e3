import type { Finding, Review } from "../review.ts";

/** Lines that GitHub Actions shows beside the code. Source: docs.github.com, "Workflow commands for GitHub Actions". */
export function githubReport({ findings, skipped, notFollowed, failures }: Review): string {
  const lines = [
    ...findings.map(annotation),
    ...notFollowed.map(({ path, line, reason }) =>
      command("notice", { file: path, line }, `Not followed: ${reason}`),
    ),
    ...failures.map(({ rule, reason }) =>
      command("error", {}, `The review is incomplete: ${rule} failed (${reason})`),
    ),
    ...skipped.map(({ path, reason }) => command("notice", { file: path }, `Not read: ${reason}`)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const COMMANDS = { error: "error", warning: "warning", note: "notice" };

function annotation({ rule, level, path, line, column, endLine, endColumn, message }: Finding): string {
  // GitHub counts the end column in, and takes columns only on one line.
  const columns = line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
  return command(
    COMMANDS[level],
    { file: path, line, endLine, ...columns, title: rule.id },
    `${rule.title} ${message}\nWhy: ${rule.why}\nFix: ${rule.fix}\nSee: docs/rules/${rule.id}.md of oncepaid-review`,
  );
}

function command(
  name: string,
  properties: Record<string, string | number | undefined>,
  message: string,
): string {
  const listed = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapedProperty(String(value))}`],
  );
  return `::${name}${listed.length > 0 ? ` ${listed.join(",")}` : ""}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
