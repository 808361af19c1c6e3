import { messageOf } from "oncepaid/failure.ts";
import { startWorker } from "oncepaid/work/worker.ts";
import { takeAppEnv } from "../shop/embedded/app-env.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { ConfigError } from "../shop/src/config.ts";
import { closeShop, engine } from "../shop/src/engine.ts";

/**
 * `npm run worker`: does the queued and scheduled work of an app that runs with WORKER=off, here or on another machine.
 * Several at once share it. Stops when the jobs at hand are done, or after 7 s.
 */
process.exit(await main());

async function main(): Promise<number> {
  const stop = listenForStop();
  try {
    takeAppEnv({ makesCodes: true });
    const worker = await startWorker(engine());
    console.log("The worker is running: mail, webhooks, refunds and sweeps. Ctrl-C stops it.");
    await stop.requested;
    await worker.stop();
    await closeShop();
    return 0;
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : `The worker stops: ${messageOf(error)}.`);
    return 1;
  }
}
