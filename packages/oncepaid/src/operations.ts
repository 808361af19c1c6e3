import { type CommandContext, UsageError } from "#/cli/command.ts";
import { COMMANDS, type CommandName, run } from "#/cli/commands.ts";
import { subscribed } from "#/events/routes.ts";
import { type AnyOncepaid, engineIn } from "#/oncepaid.ts";
import { CHECKS, type Diagnosis, diagnose as diagnoseEngine, FIXABLE } from "#/operations/doctor/doctor.ts";
import type { Finding } from "#/operations/doctor/finding.ts";
import {
  type ByHand,
  payByHand as payByHandOf,
  payInSandbox as payInSandboxOf,
} from "#/operations/verify/pay.ts";
import type { Shop } from "#/operations/verify/shop.ts";
import { type Row, verify as verifyEngine } from "#/operations/verify/verify.ts";
import { ENGINE_WORDS, type Words } from "#/operations/words.ts";
import { push } from "#/prices/push.ts";
import { provision } from "#/stripe/provision.ts";

/**
 * What whoever runs an app does beside it: the commands, the doctor and the go-live rehearsal, with the app's own checks and words.
 */

export { isHealthy } from "#/operations/doctor/doctor.ts";
export { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
export { diagnosisText } from "#/operations/doctor/text.ts";
export { migrate } from "#/operations/migrate.ts";
export { rowText, tableText } from "#/operations/verify/text.ts";
export type { CommandName, Diagnosis, Row, Shop, Words };
export { UsageError };

/** A check of the app's own. */
export type AppCheck = { name: string; run: () => Promise<Finding[]> };

export type DiagnoseOptions = {
  /** The app's own checks, before and after the engine's. */
  before?: readonly AppCheck[];
  after?: readonly AppCheck[];
  /** How the app calls what its people are told to use. */
  words?: Words;
  /** Sets right at Stripe what can be set right there, and says what it did. */
  onFixed?: ((done: string) => void) | undefined;
  /** Only what can be set right, which needs no more than Stripe's key and the app's address. */
  onlyFixable?: boolean;
};

/**
 * Looks at everything that has to be right before buyers come.
 *
 * @example
 * const diagnosis = await diagnose(oncepaid, { after: [{ name: "mail", run: checkMail }] });
 * console.log(diagnosisText(diagnosis, process.stdout.isTTY));
 * process.exitCode = isHealthy(diagnosis) ? 0 : 1;
 */
export function diagnose(
  oncepaid: AnyOncepaid,
  { before = [], after = [], words = ENGINE_WORDS, onFixed, onlyFixable = false }: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const checks = onlyFixable ? FIXABLE : [...before, ...CHECKS, ...after];
  return diagnoseEngine(engineIn(oncepaid), checks, words, onFixed);
}

/** What a command is told beside its arguments. */
export type CommandOptions = Partial<Omit<CommandContext, "engine" | "checks">>;

/**
 * Runs a command of `npx oncepaid` on an engine; answers its exit code. Throws a UsageError for arguments that can't be understood.
 *
 * @example
 * process.exitCode = await runCommand(oncepaid, "reconcile", ["--since", "3d"]);
 */
export function runCommand(
  oncepaid: AnyOncepaid,
  name: CommandName,
  args: string[],
  options: CommandOptions = {},
): Promise<number> {
  const usual = {
    words: ENGINE_WORDS,
    stop: new AbortController().signal,
    print: console.log,
    printError: console.error,
    color: process.stdout.isTTY,
  };
  return run(name, { engine: engineIn(oncepaid), checks: CHECKS, ...usual, ...options }, args);
}

/**
 * The options of a command, a line each.
 *
 * @example
 * if (process.argv.includes("--help")) console.log(usageOf("reconcile"));
 */
export function usageOf(name: CommandName): string {
  return COMMANDS[name].usage;
}

/**
 * Buys, gives back and cancels on a running app in test mode, and tells what held. `onRow` is told of each thing as it is seen.
 *
 * @example
 * const rows = await verify(oncepaid, { url, pay: payInSandbox(oncepaid), patienceMs: 20_000 });
 * process.exitCode = rows.every(({ held }) => held) ? 0 : 1;
 */
export function verify(
  oncepaid: AnyOncepaid,
  { words = ENGINE_WORDS, ...app }: Omit<Shop, "words"> & { words?: Words },
  onRow?: (row: Row) => void,
): Promise<Row[]> {
  return verifyEngine(engineIn(oncepaid), { ...app, words }, onRow);
}

/**
 * The sandbox takes a payment without a browser.
 *
 * @example
 * await verify(oncepaid, { url, pay: payInSandbox(oncepaid), patienceMs: 20_000 });
 */
export function payInSandbox(oncepaid: AnyOncepaid): Shop["pay"] {
  return payInSandboxOf(engineIn(oncepaid));
}

/**
 * A person pays on Stripe's page: `ask` tells them where and with which card, then the payment is waited for.
 *
 * @example
 * const ask = (url: string, card: string) => console.log(`Open ${url} and pay with ${card}`);
 * await verify(oncepaid, { url, pay: payByHand(oncepaid, { ask, limitMs: 600_000 }), patienceMs: 60_000 });
 */
export function payByHand(oncepaid: AnyOncepaid, by: ByHand): Shop["pay"] {
  return payByHandOf(engineIn(oncepaid), by);
}

/**
 * Makes what an app needs in an empty sandbox: its prices, the billing portal and the webhook endpoint, whose secret it answers and
 * keeps in a file. Safe to call at every start. `formerKeys` are lookup keys that a product's first price had before, by product.
 *
 * @example
 * const webhookUrl = "http://127.0.0.1:3000/api/oncepaid/stripe/webhook";
 * const { webhookSecret } = await fillSandbox(oncepaid, { webhookUrl, webhookSecretFile: ".data/webhook-secret" });
 */
export async function fillSandbox(
  oncepaid: AnyOncepaid,
  {
    webhookUrl,
    webhookSecretFile,
    formerKeys,
  }: { webhookUrl: string; webhookSecretFile: string; formerKeys?: Readonly<Record<string, string>> },
): Promise<{ webhookSecret: string }> {
  const { stripe, catalog } = engineIn(oncepaid);
  await push({ stripe, catalog }, formerKeys);
  return provision(stripe, { catalog, events: subscribed(), webhookUrl, webhookSecretFile });
}
