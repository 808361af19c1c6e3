import { messageOf } from "oncepaid/failure.ts";
import { replayJobs } from "oncepaid/outbox/given-up.ts";
import { listEvents, replayEvent } from "oncepaid/webhooks/inbox.ts";
import { takeAppEnv } from "../shop/embedded/app-env.ts";
import { closeShop, engine } from "../shop/src/engine.ts";

/**
 * `npm run replay -- evt_… [evt_…]`, or `--failed`, or `--quarantined`: sends stored events through the webhook's own
 * door again, one line each. Exit code 1 when one of them failed again. `-- --jobs` gives work that was given up another
 * day of tries.
 */
const USAGE =
  "Name the events: npm run replay -- evt_… , or --failed, or --quarantined. Or --jobs: work that was given up.";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    takeAppEnv();
    process.env.LOG_LEVEL = "silent";
    if (args[0] === "--jobs") {
      console.log(`${await replayJobs(engine())} jobs are tried again.`);
      return 0;
    }
    const ids = await eventIds(args);
    if (ids === undefined) {
      console.error(USAGE);
      return 1;
    }
    if (ids.length === 0) console.log("Nothing to replay.");
    return (await replayEach(ids)) > 0 ? 1 : 0;
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  } finally {
    await closeShop();
  }
}

async function eventIds(args: string[]): Promise<string[] | undefined> {
  const [first] = args;
  if (first === "--failed" || first === "--quarantined") {
    const events = await listEvents(engine(), first === "--failed" ? "failed" : "quarantined");
    return events.map(({ id }) => id).reverse();
  }
  return first === undefined || first.startsWith("-") ? undefined : args;
}

async function replayEach(ids: string[]): Promise<number> {
  let failures = 0;
  for (const id of ids) {
    const replayed = await replayEvent(engine(), id);
    if (!replayed.ok) failures++;
    console.log(`${id} ${replayed.ok ? replayed.outcome : replayed.error}`);
  }
  return failures;
}
