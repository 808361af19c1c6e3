import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { whoIsHere } from "#/cli/who.ts";
import { replayJobs } from "#/outbox/given-up.ts";
import { listEvents, replayEvent } from "#/webhooks/inbox.ts";

export const REPLAY_USAGE = `  evt_…            these events
  --failed         every event that failed
  --quarantined    every event that waits for a person
  --jobs           work that was given up, for another day of tries
`;

/** Sends stored events through the webhook's own door again, one line each. Exit code 1 when one of them failed again. */
export const replayCommand: Command = async (context, args) => {
  const { engine, print } = context;
  if (args[0] === "--jobs") {
    print(`${await replayJobs(engine, { by: whoIsHere() })} jobs are tried again.`);
    return 0;
  }
  const ids = await eventIds(context, args);
  if (ids.length === 0) print("Nothing to replay.");
  return (await replayEach(context, ids)) > 0 ? 1 : 0;
};

async function eventIds({ engine, words }: CommandContext, args: string[]): Promise<string[]> {
  const [first] = args;
  if (first === "--failed" || first === "--quarantined") {
    const events = await listEvents(engine, first === "--failed" ? "failed" : "quarantined");
    return events.map(({ id }) => id).reverse();
  }
  if (first !== undefined && !first.startsWith("-")) return args;
  throw new UsageError(
    `Name the events: ${words.replay} evt_… , or --failed, or --quarantined. Or --jobs: work that was given up.`,
  );
}

async function replayEach({ engine, print }: CommandContext, ids: string[]): Promise<number> {
  let failures = 0;
  for (const id of ids) {
    const replayed = await replayEvent(engine, id, whoIsHere());
    if (!replayed.ok) failures++;
    print(`${id} ${replayed.ok ? replayed.outcome : replayed.error}`);
  }
  return failures;
}
