import { parseArgs } from "node:util";
import { ConfigError } from "#/config.ts";
import { closeDatabase } from "#/db.ts";
import { type Diagnosis, diagnose, isHealthy } from "#/recovery/doctor/doctor.ts";
import { fail } from "#/recovery/doctor/finding.ts";
import { diagnosisText } from "#/recovery/doctor/text.ts";
import { takeAppEnv } from "../embedded/app-env.ts";

/**
 * `npm run doctor`: looks at everything that has to be right before buyers come. Exit code 1 when something is not, so that
 * a deploy can wait for it. Beside a running `npm start` it looks at what that brought along.
 */
const USAGE = `npm run doctor [-- options]

  --fix    make or correct the webhook endpoint and the customer portal at Stripe
  --json   { healthy, checks: [{ check, findings: [{ level, what, todo }] }] }
`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = {
      fix: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    } as const;
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const diagnosis = await diagnosed(values.fix ?? false);
    const healthy = isHealthy(diagnosis);
    if (values.json) console.log(JSON.stringify({ healthy, checks: diagnosis }, null, 2));
    else console.log(diagnosisText(diagnosis, process.stdout.isTTY));
    await closeDatabase();
    return healthy ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function diagnosed(fix: boolean): Promise<Diagnosis> {
  try {
    takeAppEnv({ makesCodes: true });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const todo = "Correct it in the environment or in .env; .env.example describes every variable.";
    return [{ check: "configuration", findings: error.problems.map((problem) => fail(problem, todo)) }];
  }
  process.env.LOG_LEVEL = "silent";
  // What was set right stands apart from the findings, so that --json stays JSON.
  return diagnose(fix ? (done) => done.forEach((line) => void console.error(line)) : undefined);
}
