import { Abandoned, type Executor, type Transaction } from "#/database/database.ts";
import type { Engine, Hooks, Told } from "#/engine.ts";
import type { Happened, HappenedTo, HappeningType } from "#/hooks/happened.ts";
import { readOrder } from "#/hooks/read.ts";
import { type Sql, sqlOn } from "#/hooks/sql.ts";
import { type Happening, isAboutNoOrder } from "#/rules/happenings.ts";

/**
 * The app's own handlers. `on` runs in the transaction of the change: what it writes with `sql` is there exactly if the change is.
 * It may run several times, of which one commits. `after` runs once it is written, at least once; `key` is the same for every
 * repetition.
 */
export type Handlers = {
  on?: { [Type in HappeningType]?: (happened: Happened<Type>, sql: Sql) => Promise<void> | void };
  after?: {
    [Type in HappeningType]?: (happened: Happened<Type>, job: { key: string }) => Promise<void> | void;
  };
  /** How long an `on` handler may take, in milliseconds: 5,000 where it isn't said. */
  onTimeoutMs?: number;
};

const ON_TIMEOUT_MS = 5_000;
const STATEMENT_GRACE_MS = 250;

export function hooksOf({ on = {}, after = {}, onTimeoutMs = ON_TIMEOUT_MS }: Handlers): Hooks {
  return {
    on: typesIn(on),
    after: typesIn(after),
    runOn: async (_engine, transaction, told) => {
      // A statement that still runs when its connection is closed would hold its locks: the server ends it soon after.
      await transaction.query("select set_config('statement_timeout', $1, true)", [
        `${onTimeoutMs + STATEMENT_GRACE_MS}ms`,
      ]);
      for (const one of told) await within(onTimeoutMs, one, runOn(on, transaction, one));
    },
    runAfter: (engine, key, happening) => runAfter(engine, after, key, happening),
  };
}

function typesIn(handlers: object): ReadonlySet<string> {
  return new Set(Object.entries(handlers).flatMap(([type, handler]) => (handler ? [type] : [])));
}

type Handler<Type extends HappeningType, Second> = (
  happened: Happened<Type>,
  second: Second,
) => Promise<void> | void;

/** The handlers of one kind, by what happened. */
type ByType<Second> = { [Type in HappeningType]?: Handler<Type, Second> };

async function runOn(
  on: ByType<Sql>,
  transaction: Transaction,
  { happening, before, after }: Told,
): Promise<void> {
  await run(
    on,
    happening.type,
    happening,
    await happenedBy(transaction, { happening, before, after }),
    sqlOn(transaction),
  );
}

async function runAfter(
  engine: Engine,
  after: ByType<{ key: string }>,
  key: string,
  happening: Happening,
): Promise<void> {
  const told = { happening, before: null, after: null };
  await run(after, happening.type, happening, await happenedBy(engine.database, told), { key });
}

async function happenedBy(
  executor: Executor,
  { happening, before, after }: Told,
): Promise<HappenedTo<HappeningType>> {
  return { ...(await readOrder(executor, happening)), before, after };
}

/** Of what is about orders, only access that was given has none. */
function isRestOf<Type extends HappeningType>(
  type: Type,
  rest: HappenedTo<HappeningType>,
): rest is HappenedTo<Type> {
  return isAboutNoOrder(type) ? rest.order === null : rest.order !== null || type === "entitlement.changed";
}

/** The handler of exactly this type gets exactly this happening; nothing where there is none. */
async function run<Type extends HappeningType, Second>(
  handlers: ByType<Second>,
  type: Type,
  happening: Extract<Happening, { type: Type }>,
  rest: HappenedTo<HappeningType>,
  second: Second,
): Promise<void> {
  const handler: Handler<Type, Second> | undefined = handlers[type];
  if (!isRestOf(type, rest)) throw new Error(`There is no order for ${type}.`);
  // No spread: for one the compiler works out every type of happening at once, and gives up.
  await handler?.(Object.assign(rest, happening), second);
}

/** Ends the wait for a handler that hangs. Its statement may still run, so its connection is not used again. */
async function within(ms: number, { happening }: Told, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The handler of ${happening.type} took longer than ${ms} ms, so its change is undone.`;
    timer = setTimeout(() => reject(new Abandoned(message)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What it still throws is heard by nobody.
    work.catch(() => {});
  }
}
