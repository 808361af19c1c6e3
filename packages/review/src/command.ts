import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { jsonReport } from "./report/json.ts";
import { sarifReport } from "./report/sarif.ts";
import { textReport } from "./report/text.ts";
import { type Review, review } from "./review.ts";

const USAGE = `Usage: npm run review [-- PATH] [--format text|json|sarif] [--output FILE]

Reads the Stripe Checkout code of a Node or Next.js project (or one file) and says where money or access can go
wrong. Nothing of the project is run. PATH is this project when it is left out; docs/review.md explains every rule.

Exit code: 0 nothing found, 1 findings, 2 it could not be read.
`;

const FORMATS = ["text", "json", "sarif"] as const;
type Format = (typeof FORMATS)[number];
type Asked = { path: string; format: Format; output: string | undefined };
type Output = { stdout: (text: string) => void; stderr: (text: string) => void; color: boolean };

/** Runs the command; returns its exit code. Paths are taken from `from`. */
export function reviewCommand(
  args: readonly string[],
  from: string,
  { stdout, stderr, color }: Output,
): number {
  const asked = understand(args);
  if (typeof asked === "string") {
    stderr(`${asked}\n\n${USAGE}`);
    return 2;
  }
  if (asked === undefined) {
    stdout(USAGE);
    return 0;
  }
  const path = resolve(from, asked.path);
  const start = performance.now();
  const reviewed = attempt(() => {
    if (!existsSync(path)) throw new Error("there is no such file or folder");
    return review(path);
  });
  if (typeof reviewed === "string") {
    stderr(`${asked.path} could not be read: ${reviewed}.\n`);
    return 2;
  }
  if (!reviewed.anyParsed && reviewed.findings.length === 0) {
    stderr(`${asked.path} has no JavaScript or TypeScript that can be read.\n${reasons(reviewed)}`);
    return 2;
  }
  const onScreen = asked.output === undefined;
  const report = written(reviewed, asked.format, {
    color: color && onScreen,
    milliseconds: performance.now() - start,
  });
  const problem = onScreen
    ? stdout(report)
    : attempt(() => writeFileSync(resolve(from, asked.output ?? ""), report));
  if (typeof problem === "string") {
    stderr(`${asked.output} could not be written: ${problem}.\n`);
    return 2;
  }
  return reviewed.findings.length > 0 ? 1 : 0;
}

/** The arguments; a sentence that says what is wrong with them; undefined when help was asked for. */
function understand(args: readonly string[]): Asked | string | undefined {
  const parsed = attempt(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        output: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }),
  );
  if (typeof parsed === "string") return parsed;
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const format = FORMATS.find((name) => name === values.format);
  if (!format) return `There is no format "${values.format}".`;
  if (positionals.length > 1) return "Name one file or folder.";
  return { path: positionals[0] ?? ".", format, output: values.output };
}

function written(reviewed: Review, format: Format, shown: { color: boolean; milliseconds: number }): string {
  switch (format) {
    case "text":
      return textReport(reviewed, shown);
    case "json":
      return jsonReport(reviewed);
    case "sarif":
      return sarifReport(reviewed);
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
