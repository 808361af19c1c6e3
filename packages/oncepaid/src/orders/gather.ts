import type { Database } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";

/**
 * What comes at one moment is done together, in one round trip to the database: what is asked for in one turn of the event loop, and
 * what comes while others are under way. Nobody waits while nothing is.
 */

/** In one batch; more of them make each wait longer and hardly save anything. */
const MOST_TOGETHER = 32;
/** Batches at once: while the database works on one of them, the next is made. */
const LANES = 2;
/** As many are worth a second batch beside one under way: fewer cost the least when they go together, after that one. */
const WORTH_A_LANE = 6;
/** One batch that takes longer, because it waits for somebody's lock for example, holds up none that come after it. Two take both lanes. */
const SLOW_MS = 50;

export type Together<Asked, Done> = {
  /** What no two under way have in common. Those that share a key are done one after the other, in the order in which they came. */
  keysOf(asked: Asked): readonly string[];
  /** Resolves once what goes together is done; each settles by itself. It never throws. */
  carryOut(engine: Engine, batch: readonly Asked[]): Promise<readonly Promise<Done>[]>;
};

type Waiting<Asked, Done> = {
  asked: Asked;
  keys: readonly string[];
  settle(done: Promise<Done>): void;
};

type Gathering<Asked, Done> = {
  together: Together<Asked, Done>;
  /** How many batches are under way, and of how many of them the end is expected soon. */
  lanes: number;
  quick: number;
  /** Whether the next batch begins at the end of this turn of the event loop. */
  isDue: boolean;
  busy: Set<string>;
  waiting: Waiting<Asked, Done>[];
};

/**
 * A way to do one thing together with others of its kind. By database: two copies of a module in one process gather by
 * themselves, as two processes do, so what is carried out guards itself.
 */
export function gathered<Asked, Done>(
  together: Together<Asked, Done>,
): (engine: Engine, asked: Asked) => Promise<Done> {
  const gatherings = new WeakMap<Database, Gathering<Asked, Done>>();
  return (engine, asked) => {
    const gathering = gatherings.get(engine.database) ?? newGathering(together);
    gatherings.set(engine.database, gathering);
    return new Promise((settle) => {
      gathering.waiting.push({ asked, keys: together.keysOf(asked), settle });
      beginSoon(engine, gathering);
    });
  };
}

function newGathering<Asked, Done>(together: Together<Asked, Done>): Gathering<Asked, Done> {
  return { together, lanes: 0, quick: 0, isDue: false, busy: new Set(), waiting: [] };
}

/**
 * All of a batch in one statement, which tells what each came to. Where the database refuses it each goes alone, and tells by itself
 * which one it was, and why.
 */
export async function allOrEach<Asked, Done>(
  batch: readonly Asked[],
  run: (batch: readonly Asked[]) => Promise<(asked: Asked) => Done>,
): Promise<Promise<Done>[]> {
  const all = run(batch);
  const doneOf = await all.catch(() => undefined);
  const isRefused = doneOf === undefined && batch.length > 1;
  return batch.map(async (asked) => (await (isRefused ? run([asked]) : all))(asked));
}

/** Many requests are read from their sockets in one turn, and many answers settle in one: none of them goes before the others. */
function beginSoon<Asked, Done>(engine: Engine, gathering: Gathering<Asked, Done>): void {
  if (gathering.isDue) return;
  gathering.isDue = true;
  setImmediate(() => {
    gathering.isDue = false;
    begin(engine, gathering);
  });
}

/** Sends what waits on its way, as far as lanes are free. */
function begin<Asked, Done>(engine: Engine, gathering: Gathering<Asked, Done>): void {
  while (gathering.lanes < LANES && (gathering.quick === 0 || gathering.waiting.length >= WORTH_A_LANE)) {
    const batch = takeFrom(gathering);
    if (batch.length === 0) return;
    gathering.lanes++;
    void go(engine, gathering, batch);
  }
}

async function go<Asked, Done>(
  engine: Engine,
  gathering: Gathering<Asked, Done>,
  batch: readonly Waiting<Asked, Done>[],
): Promise<void> {
  const noLongerQuick = expectSoon(engine, gathering);
  const settling = await gathering.together.carryOut(
    engine,
    batch.map(({ asked }) => asked),
  );
  noLongerQuick();
  // What is carried out alone, a slow handler for example, keeps no lane.
  gathering.lanes--;
  for (const [n, { keys, settle }] of batch.entries()) {
    const one = settling[n];
    if (!one) continue;
    settle(one);
    void one.catch(() => {}).then(() => leave(engine, gathering, keys));
  }
  beginSoon(engine, gathering);
}

/** Counts a batch as quick until what this returns is called, or until it has taken too long for that. */
function expectSoon<Asked, Done>(engine: Engine, gathering: Gathering<Asked, Done>): () => void {
  let isQuick = true;
  gathering.quick++;
  const end = () => {
    if (isQuick) gathering.quick--;
    isQuick = false;
  };
  const slow = setTimeout(() => {
    end();
    beginSoon(engine, gathering);
  }, SLOW_MS);
  return () => {
    clearTimeout(slow);
    end();
  };
}

function leave<Asked, Done>(
  engine: Engine,
  gathering: Gathering<Asked, Done>,
  keys: readonly string[],
): void {
  for (const key of keys) gathering.busy.delete(key);
  if (gathering.waiting.length > 0) beginSoon(engine, gathering);
}

/** The oldest that have nothing in common with what is under way, nor with an older one that goes on waiting. */
function takeFrom<Asked, Done>(gathering: Gathering<Asked, Done>): Waiting<Asked, Done>[] {
  const { busy, waiting } = gathering;
  const passed = new Set<string>();
  const taken: Waiting<Asked, Done>[] = [];
  const left: Waiting<Asked, Done>[] = [];
  for (const one of waiting) {
    const isFree =
      taken.length < MOST_TOGETHER && one.keys.every((key) => !busy.has(key) && !passed.has(key));
    (isFree ? taken : left).push(one);
    for (const key of one.keys) (isFree ? busy : passed).add(key);
  }
  gathering.waiting = left;
  return taken;
}
