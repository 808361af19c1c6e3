import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { type Diagnosis, diagnose, diagnosisText, fail, isHealthy } from "oncepaid/operations";
import { takeAppEnv } from "../shop/embedded/app-env.ts";
import { ConfigError } from "../shop/src/config.ts";
import { CHECKS } from "../shop/src/doctor/checks.ts";
import { WORDS } from "../shop/src/doctor/words.ts";
import { closeShop, oncepaid } from "../shop/src/oncepaid.ts";

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
    await closeShop();
    return healthy ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function diagnosed(fix: boolean): Promise<Diagnosis> {
  // What was set right stands apart from the findings, so that --json stays JSON.
  const onFixed = fix ? (done: string) => console.error(done) : undefined;
  const problems = problemsOfEnv();
  process.env.LOG_LEVEL = "silent";
  if (problems.length === 0) return diagnose(oncepaid(), { ...CHECKS, onFixed });
  const todo = "Correct it in the environment or in .env; .env.example describes every variable.";
  const configuration = { check: "configuration", findings: problems.map((problem) => fail(problem, todo)) };
  if (!onFixed || !standIn()) return [configuration];
  return [configuration, ...(await diagnose(oncepaid(), { words: WORDS, onFixed, onlyFixable: true }))];
}

function problemsOfEnv(): string[] {
  try {
    takeAppEnv({ makesCodes: true });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/**
 * The first set-up: Stripe tells an endpoint's secret when the endpoint is made, so making it can't wait for the secret.
 * True when nothing else is wrong than what is still missing.
 */
function standIn(): boolean {
  process.env.STRIPE_WEBHOOK_SECRET ||= "whsec_not_made_yet";
  process.env.DATABASE_URL ||= "postgres://not-set-yet";
  process.env.AUTH_SECRET ||= randomBytes(32).toString("base64url");
  return problemsOfEnv().length === 0;
}
