import { parseArgs } from "node:util";
import type { Command } from "#/cli/command.ts";
import { reasonOf } from "#/cli/reason.ts";
import { startWorker } from "#/work/worker.ts";

/** Does the queued and scheduled work until it is asked to stop. Several at once share it. Stops when the jobs at hand are done. */
export const workerCommand: Command = async ({ engine, stop, print, printError }, args) => {
  parseArgs({ args, options: {} });
  try {
    const worker = await startWorker(engine);
    print("The worker is running: what follows from orders, webhooks, refunds and sweeps. Ctrl-C stops it.");
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      stop.addEventListener("abort", () => resolve());
    });
    await worker.stop();
    return 0;
  } catch (error) {
    printError(`The worker stops: ${reasonOf(error).replace(/\.$/, "")}.`);
    return 1;
  }
};
