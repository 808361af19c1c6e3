import { type Command, UsageError } from "oncepaid/cli/command.ts";
import { messageOf } from "oncepaid/failure.ts";
import { takeAppEnv } from "../shop/embedded/app-env.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { CHECKS } from "../shop/src/doctor/checks.ts";
import { WORDS } from "../shop/src/doctor/words.ts";
import { closeShop, engine } from "../shop/src/engine.ts";

type Wanted = {
  /** `npm run reconcile`, as it is typed. */
  name: string;
  usage: string;
  command: Command;
  args?: string[];
  /** Whether it makes sign-in codes, for which it needs the app's own secret. */
  makesCodes?: boolean;
  /** Whether it writes the log as the app does. */
  logs?: boolean;
};

/** Runs one of the engine's commands on this shop, and answers its exit code. */
export async function runOnShop(wanted: Wanted): Promise<number> {
  const { name, usage, command, args = process.argv.slice(2), makesCodes = false, logs = false } = wanted;
  if (args.includes("--help")) {
    console.log(`${name} [-- options]\n\n${usage}`);
    return 0;
  }
  const stop = listenForStop();
  try {
    takeAppEnv({ makesCodes });
    if (!logs) process.env.LOG_LEVEL = "silent";
    const context = { engine: engine(), words: WORDS, checks: CHECKS, stop: stop.signal };
    const color = process.stdout.isTTY;
    return await command({ ...context, print: console.log, printError: console.error, color }, args);
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : messageOf(error));
    return 1;
  } finally {
    await closeShop();
    process.disconnect?.();
  }
}
