import { parseArgs } from "node:util";
import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { diagnose, isHealthy } from "#/operations/doctor/doctor.ts";
import { diagnosisText } from "#/operations/doctor/text.ts";
import { payByHand, payInSandbox } from "#/operations/verify/pay.ts";
import { type Shop, sellsToAnybody } from "#/operations/verify/shop.ts";
import { rowText, tableText } from "#/operations/verify/text.ts";
import { verify } from "#/operations/verify/verify.ts";

export const VERIFY_USAGE = `  --url <origin>   where your app answers; without it the option appUrl
  --user <id>      who buys, where buyers need an account of your app
  --live           with a live key: only look, buy nothing
`;

/** How long an effect is waited for; real deliveries take a few seconds at most. */
const PATIENCE_MS = { sandbox: 20_000, test: 60_000 };
/** A person gets this long to pay. */
const PAYING_LIMIT_MS = 10 * 60_000;
const NO_BUYER = "Buyers need an account of your app: name a user for the rehearsal, --user <id>.";
const NOTHING = `There is nothing here that a rehearsal can buy: it needs a download or a plan, and a booking needs a date.`;

/**
 * Buys, gives back and cancels on the running app, in the sandbox by itself, in test mode with a person who pays. Exit code 1 when
 * something did not hold.
 */
export const verifyCommand: Command = async (context, args) => {
  const { values } = parseArgs({
    args,
    options: { url: { type: "string" }, user: { type: "string" }, live: { type: "boolean" } },
  });
  const { engine, print, printError, color } = context;
  const { mode } = engine.settings.stripe;
  if (mode === "live") return lookAtLive(context, values.live ?? false);
  if (values.live)
    throw new UsageError("The key is not a live one, so there is nothing to only look at: leave out --live.");
  if (!values.user && !sellsToAnybody(engine)) throw new UsageError(NO_BUYER);
  const words = { ...context.words, api: engine.settings.basePath };
  const url = values.url === undefined ? engine.settings.appUrl : originOf(values.url);
  const app = { url, pay: payOf(context), patienceMs: PATIENCE_MS[mode], words, userId: values.user };
  const rows = await verify(engine, app, (row) => print(rowText(row, color)));
  if (rows.length === 0) printError(NOTHING);
  else print(tableText(rows, color));
  return rows.length > 0 && rows.every(({ held }) => held) ? 0 : 1;
};

function originOf(url: string): string {
  if (URL.canParse(url)) return new URL(url).origin;
  throw new UsageError(`--url: "${url}" is no address; for example http://localhost:3000.`);
}

function payOf({ engine, print }: CommandContext): Shop["pay"] {
  if (engine.settings.stripe.mode === "sandbox") return payInSandbox(engine);
  const ask = (url: string, number: string) =>
    print(`\n  → Open   ${url}\n    and pay with ${number}, any future date, any CVC. Waiting…\n`);
  return payByHand(engine, { ask, limitMs: PAYING_LIMIT_MS });
}

async function lookAtLive(
  { engine, checks, words, print, printError, color }: CommandContext,
  asked: boolean,
): Promise<number> {
  if (!asked) {
    printError(
      "This is live mode, where every purchase costs somebody money. `npx oncepaid verify --live` only looks.",
    );
    return 1;
  }
  const diagnosis = await diagnose(engine, checks, words);
  print(diagnosisText(diagnosis, color));
  print(
    "  In live mode nothing is bought: make the first purchase yourself, refund it, and see the access end.\n",
  );
  return isHealthy(diagnosis) ? 0 : 1;
}
