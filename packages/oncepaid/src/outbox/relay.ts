import { setTimeout as pause } from "node:timers/promises";
import type { JobInsert, PgBoss } from "pg-boss";
import { v5 as uuidv5 } from "uuid";
import { type Executor, inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { deliveriesOf } from "#/outbox/deliveries.ts";

/** Rows of the outbox that are handed on in one transaction. */
const BATCH = 500;
/** Milliseconds between looks when nobody says that there is something. */
const LOOK_MS = 1_000;
/** Milliseconds a woken relay waits for more, so that a busy second costs 20 hand-overs and not a thousand. */
const GATHER_MS = 50;
/** Any fixed UUID: ids of jobs are made from it and the job's key. */
const NAMESPACE = "8f0e9f3c-9f0b-4c57-8a37-5a9b2c6f4d10";

type Row = { id: number; queue: string; key: string; data: object };

/**
 * Hands what stands in the outbox to the queues, in one transaction: a row is in the outbox or in a queue, never in both
 * or neither, wherever the process dies. Any number of relays share the work. Answers how many rows it took.
 */
export function relayOnce(engine: Engine, boss: PgBoss): Promise<number> {
  return inTransaction(engine.database, async (transaction) => {
    const taken = await takeRows(transaction);
    for (const [queue, rows] of Map.groupBy(taken, ({ queue }) => queue)) {
      const work = queue === "outbound_webhook" ? await deliveriesOf(engine, transaction, rows) : rows;
      // pg-boss refuses a batch that has a job twice, and with it everything else that waits.
      const jobs = new Map(work.map(({ key, data }) => [key, asJob({ queue, key, data })]));
      if (jobs.size > 0) await boss.insert(queue, [...jobs.values()], { db: within(transaction) });
    }
    return taken.length;
  });
}

/** Relays until it is stopped: at once when this process wrote a job, and every second for the others'. */
export function startRelay(engine: Engine, boss: PgBoss): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  let wake = () => {};
  engine.shared.wakeRelay = () => wake();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const woken = new AbortController();
      wake = () => woken.abort();
      const taken = await relayOnce(engine, boss).catch((error: unknown) => {
        engine.log.error({ err: error }, "relay failed");
        return 0;
      });
      if (taken === BATCH) continue;
      await sleep(LOOK_MS, AbortSignal.any([woken.signal, stopping.signal]));
      if (woken.signal.aborted) await sleep(GATHER_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    stop: async () => {
      engine.shared.wakeRelay = undefined;
      stopping.abort();
      await running;
    },
  };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}

/**
 * The oldest rows nobody else is taking, removed, in their order. What other servers are told is taken by one relay at a time, because
 * it becomes deliveries, which have an order.
 */
async function takeRows(client: Executor): Promise<Row[]> {
  const { rows } = await client.query<Row>({
    name: "outbox-take",
    text: `
      with turn as materialized (select pg_try_advisory_xact_lock(hashtext('oncepaid.webhook_delivery')) as mine)
      delete from oncepaid.outbox where id in (
        select id from oncepaid.outbox where queue <> 'outbound_webhook' or (select mine from turn)
         order by id limit $1 for update skip locked)
      returning id, queue, key, data`,
    values: [BATCH],
  });
  return rows.sort((a, b) => a.id - b.id);
}

/** The same key is the same job: written twice, it is queued once for as long as pg-boss remembers it. */
function asJob({ queue, key, data }: Omit<Row, "id">): JobInsert {
  return { id: uuidv5(`${queue} ${key}`, NAMESPACE), data: { key, data } };
}

function within({ query }: Executor) {
  return { executeSql: (text: string, values?: unknown[]) => query(text, values) };
}
