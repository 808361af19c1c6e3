import { parseArgs } from "node:util";
import type { Command } from "#/cli/command.ts";
import { diagnose, isHealthy } from "#/operations/doctor/doctor.ts";
import { keepDiagnosis } from "#/operations/doctor/last.ts";
import { diagnosisText } from "#/operations/doctor/text.ts";

export const DOCTOR_USAGE = `  --fix    make or correct the webhook endpoint and the customer portal at Stripe
  --json   { healthy, checks: [{ check, findings: [{ level, what, todo }] }] }
`;

/**
 * Looks at everything that has to be right before buyers come. Exit code 1 when something is not, so that a deploy can wait for
 * it. What was set right stands apart from the findings, so that --json stays JSON.
 */
export const doctorCommand: Command = async (context, args) => {
  const { values } = parseArgs({ args, options: { fix: { type: "boolean" }, json: { type: "boolean" } } });
  const { engine, checks, words, print, printError, color } = context;
  const diagnosis = await diagnose(engine, checks, words, values.fix ? printError : undefined);
  await keepDiagnosis(engine, diagnosis);
  const healthy = isHealthy(diagnosis);
  print(
    values.json ? JSON.stringify({ healthy, checks: diagnosis }, null, 2) : diagnosisText(diagnosis, color),
  );
  return healthy ? 0 : 1;
};
