import { parseArgs } from "node:util";
import type { Level } from "./rules/rule.ts";

export const FORMATS = ["text", "json", "sarif", "github"] as const;
export type Format = (typeof FORMATS)[number];
export const FAIL_ON = ["error", "warning", "note", "never"] as const;
export type FailOn = Level | "never";

/** What was asked for on the command line; undefined where nothing was said. */
export type Arguments = {
  path: string;
  format: Format;
  output: string | undefined;
  failOn: FailOn | undefined;
  only: readonly string[];
  skip: readonly string[];
  changed: string | undefined;
  baseline: string | undefined;
  writeBaseline: string | undefined;
  config: string | undefined;
  rules: boolean;
};

export const USAGE = `Usage: oncepaid-review [PATH] [OPTIONS]

Reads the Stripe Checkout code of a JavaScript or TypeScript project (or one file) and says where money or access can go
wrong. Nothing of the project is run. PATH is this folder when it is left out.

  --format text|json|sarif|github  how the report is written (text)
  --output FILE                    where it is written, instead of the screen
  --fail-on error|warning|note|never
                                   the lowest level that ends with exit code 1 (warning)
  --only RULE,RULE                 these rules alone
  --skip RULE,RULE                 all rules but these
  --changed BASE                   only findings in files that differ from this git revision
  --baseline FILE                  only findings that this file doesn't list
  --write-baseline FILE            lists today's findings in this file
  --config FILE                    instead of oncepaid-review.json in PATH
  --rules                          lists the rules

Exit code: 0 nothing found at that level, 1 findings, 2 it could not be read or was not understood, 3 a rule failed.
`;

/** The arguments; a sentence that says what is wrong with them; undefined when help was asked for. */
export function understand(args: readonly string[]): Arguments | string | undefined {
  const parsed = parsedOf(args);
  if (typeof parsed === "string") return parsed;
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const format = FORMATS.find((name) => name === values.format);
  if (!format) return `There is no format "${values.format}".`;
  const failOn = FAIL_ON.find((level) => level === values["fail-on"]);
  if (values["fail-on"] !== undefined && !failOn) return `There is no level "${values["fail-on"]}".`;
  if (positionals.length > 1) return "Name one file or folder.";
  return {
    path: positionals[0] ?? ".",
    format,
    output: values.output,
    failOn,
    only: listOf(values.only),
    skip: listOf(values.skip),
    changed: values.changed,
    baseline: values.baseline,
    writeBaseline: values["write-baseline"],
    config: values.config,
    rules: values.rules ?? false,
  };
}

function parsedOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        output: { type: "string" },
        "fail-on": { type: "string" },
        only: { type: "string", multiple: true },
        skip: { type: "string", multiple: true },
        changed: { type: "string" },
        baseline: { type: "string" },
        "write-baseline": { type: "string" },
        config: { type: "string" },
        rules: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function listOf(values: readonly string[] | undefined): string[] {
  return (values ?? [])
    .flatMap((value) => value.split(","))
    .map((name) => name.trim())
    .filter(Boolean);
}
