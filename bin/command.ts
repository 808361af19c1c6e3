import { messageOf } from "oncepaid/failure";
import { type CommandName, runCommand, UsageError, usageOf } from "oncepaid/operations";
import { takeAppEnv } from "../shop/embedded/app-env.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { WORDS } from "../shop/src/doctor/words.ts";
import { closeShop, oncepaid } from "../shop/src/oncepaid.ts";

type Wanted = {
  /** It is typed as `npm run <name>`. */
  name: CommandName;
  args?: string[];
  /** Whether it makes sign-in codes, for which it needs the app's own secret. */
  makesCodes?: boolean;
  /** Whether it writes the log as the app does. */
  logs?: boolean;
};

/** Runs one of the engine's commands on this shop, and answers its exit code. */
export async function runOnShop(wanted: Wanted): Promise<number> {
  const { name, args = process.argv.slice(2), makesCodes = false, logs = false } = wanted;
  const usage = usageOf(name);
  if (args.includes("--help")) {
    console.log(`npm run ${name} [-- options]\n\n${usage}`);
    return 0;
  }
  const stop = listenForStop();
  try {
    takeAppEnv({ makesCodes });
    if (!logs) process.env.LOG_LEVEL = "silent";
    return await runCommand(oncepaid(), name, args, { words: WORDS, stop: stop.signal });
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : messageOf(error));
    return 1;
  } finally {
    await closeShop();
    process.disconnect?.();
  }
}
