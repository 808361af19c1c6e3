import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { checkBacklog, checkReconciled } from "#/operations/doctor/backlog.ts";
import { checkCatalog } from "#/operations/doctor/catalog.ts";
import { checkDatabase, checkMigrations } from "#/operations/doctor/database.ts";
import { checkEndpoint, checkSigningSecret, fixEndpoint } from "#/operations/doctor/endpoint.ts";
import { type Finding, fail } from "#/operations/doctor/finding.ts";
import { checkFiles, checkWork } from "#/operations/doctor/parts.ts";
import { checkPortal, fixPortal } from "#/operations/doctor/portal.ts";
import { checkProxies } from "#/operations/doctor/proxies.ts";
import { checkClock, checkKey, checkPrices } from "#/operations/doctor/stripe.ts";
import { ENGINE_WORDS, type Words } from "#/operations/words.ts";

/** Everything that has to be right before buyers come, in the order in which it is best set right. */
export type Check = {
  name: string;
  run: (engine: Engine, words: Words) => Promise<Finding[]>;
  fix?: Fix;
};
/** Says each thing as soon as it is done: an endpoint's secret is told once, and the step after it may fail. */
type Fix = (engine: Engine, words: Words, say: (done: string) => void) => Promise<void>;

export const CHECKS: Check[] = [
  { name: "database", run: checkDatabase },
  { name: "migrations", run: checkMigrations },
  { name: "Stripe key", run: checkKey },
  { name: "clock", run: checkClock },
  { name: "prices", run: checkPrices },
  { name: "catalog", run: checkCatalog },
  { name: "webhook endpoint", run: checkEndpoint, fix: fixEndpoint },
  { name: "webhook secret", run: checkSigningSecret },
  { name: "customer portal", run: checkPortal, fix: fixPortal },
  { name: "files", run: checkFiles },
  { name: "proxies", run: checkProxies },
  { name: "workers", run: checkWork },
  { name: "backlog", run: checkBacklog },
  { name: "reconcile", run: checkReconciled },
];

/** What can be set right at Stripe, which needs nothing but its key and the address of the shop. */
export const FIXABLE = CHECKS.filter(({ fix }) => fix !== undefined);

export type Diagnosis = { check: string; findings: Finding[] }[];

/** Looks at each, whatever else is wrong. `onFixed` is told what was set right, where it may be. */
export async function diagnose(
  engine: Engine,
  checks: readonly Check[],
  words: Words = ENGINE_WORDS,
  onFixed?: (done: string) => void,
): Promise<Diagnosis> {
  const diagnosis: Diagnosis = [];
  for (const { name, run, fix } of checks) {
    let findings = await looked(engine, run, words);
    if (onFixed && fix && findings.some(({ level }) => level !== "ok")) {
      const failed = await tried(words, () => fix(engine, words, onFixed));
      findings = [...(await looked(engine, run, words)), ...failed];
    }
    diagnosis.push({ check: name, findings });
  }
  return diagnosis;
}

/**
 * Whether nothing has to be set right; warnings don't count.
 *
 * @example
 * process.exitCode = isHealthy(diagnosis) ? 0 : 1;
 */
export function isHealthy(diagnosis: Diagnosis): boolean {
  return diagnosis.every(({ findings }) => findings.every(({ level }) => level !== "fail"));
}

async function looked(engine: Engine, run: Check["run"], words: Words): Promise<Finding[]> {
  try {
    return await run(engine, words);
  } catch (error) {
    return [
      fail(
        `This could not be looked at: ${messageOf(error)}`,
        "Set right what is wrong above, then run the doctor again.",
      ),
    ];
  }
}

async function tried(words: Words, fix: () => Promise<void>): Promise<Finding[]> {
  try {
    await fix();
    return [];
  } catch (error) {
    return [
      fail(
        `This could not be set right to the end: ${messageOf(error)}`,
        `What was done is told above; run \`${words.doctorFix}\` again for the rest.`,
      ),
    ];
  }
}
