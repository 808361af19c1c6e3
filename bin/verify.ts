import { parseArgs } from "node:util";
import {
  diagnose,
  diagnosisText,
  isHealthy,
  payByHand,
  payInSandbox,
  rowText,
  type Shop,
  tableText,
  verify,
} from "oncepaid/operations";
import { loadEnvFile, takeAppEnv } from "../shop/embedded/app-env.ts";
import { PartError } from "../shop/embedded/part-error.ts";
import { startRehearsal } from "../shop/embedded/rehearsal.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { ConfigError, config, readSettings, settingNames } from "../shop/src/config.ts";
import { CHECKS } from "../shop/src/doctor/checks.ts";
import { WORDS } from "../shop/src/doctor/words.ts";
import { closeShop, oncepaid } from "../shop/src/oncepaid.ts";

/**
 * `npm run verify`: walks the go-live checklist (docs/go-live.md). Without a Stripe key it does so by itself, on an app, a
 * database and a sandbox of its own. With a test key it does so on your running shop, and asks you to pay. Exit code 1 when
 * something did not hold.
 */
const USAGE = `npm run verify [-- options]

  --live   with a live key: only look, buy nothing
`;

/** How long an effect is waited for; real deliveries take a few seconds at most. */
const PATIENCE_MS = { sandbox: 20_000, test: 60_000 };
/** A person gets this long to pay. */
const PAYING_LIMIT_MS = 10 * 60_000;
const color = process.stdout.isTTY;

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const stop = listenForStop();
  try {
    const { values } = parseArgs({ options: { live: { type: "boolean" }, help: { type: "boolean" } } });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    loadEnvFile();
    if (!usesStripe()) return await rehearse(stop.signal);
    takeAppEnv({ makesCodes: true });
    process.env.LOG_LEVEL = "silent";
    if (config().stripe.mode === "live") return await lookAtLive(values.live ?? false);
    return await guide();
  } catch (error) {
    if (stop.signal.aborted) return 1;
    const known = error instanceof ConfigError || error instanceof PartError;
    console.error(known ? error.message : error);
    return 1;
  } finally {
    await closeShop();
  }
}

/** Somebody's own Stripe account, not a sandbox. */
function usesStripe(): boolean {
  const { STRIPE_SECRET_KEY, STRIPE_API_BASE } = readSettings(process.env);
  return STRIPE_SECRET_KEY !== undefined && STRIPE_API_BASE === undefined;
}

async function rehearse(giveUp: AbortSignal): Promise<number> {
  console.log("\n  Starting an app, a database and a sandbox for this alone…");
  const rehearsal = await startRehearsal({ name: "verify", giveUp });
  try {
    for (const name of settingNames) delete process.env[name];
    Object.assign(process.env, rehearsal.env, { LOG_LEVEL: "silent" });
    const pay = payInSandbox(oncepaid());
    return await walk({ url: rehearsal.url, pay, patienceMs: PATIENCE_MS.sandbox, words: WORDS });
  } finally {
    await closeShop();
    await rehearsal.stop();
  }
}

/** On a real test account only a person can pay on Stripe's page; everything else is done and watched from here. */
async function guide(): Promise<number> {
  const { appUrl } = config();
  console.log(
    `\n  Your shop at ${appUrl}, Stripe in test mode. You pay three times, with test cards; the rest is watched.`,
  );
  const pay = payByHand(oncepaid(), {
    ask: (url, number) =>
      console.log(`\n  → Open   ${url}\n    and pay with ${number}, any future date, any CVC. Waiting…\n`),
    limitMs: PAYING_LIMIT_MS,
  });
  return walk({ url: appUrl, pay, patienceMs: PATIENCE_MS.test, words: WORDS });
}

async function walk(shop: Shop): Promise<number> {
  console.log("");
  const rows = await verify(oncepaid(), shop, (row) => console.log(rowText(row, color)));
  console.log(tableText(rows, color));
  return rows.every(({ held }) => held) ? 0 : 1;
}

async function lookAtLive(asked: boolean): Promise<number> {
  if (!asked) {
    console.error(
      "This is live mode, where every purchase costs somebody money. `npm run verify -- --live` only looks.",
    );
    return 1;
  }
  const diagnosis = await diagnose(oncepaid(), CHECKS);
  console.log(diagnosisText(diagnosis, color));
  console.log(
    "  In live mode nothing is bought: docs/go-live.md tells how to make the first purchase yourself.\n",
  );
  return isHealthy(diagnosis) ? 0 : 1;
}
