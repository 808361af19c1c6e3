import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { gathered } from "#/orders/gather.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

/** Which batches are made of what comes while others are under way. Each ends when the test says so. */

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
// Time passes when the test says so, too.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Longer than any batch that is expected to end soon. */
const LONG_MS = 1_000;

function started() {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const go = gathered<string, string>({
    keysOf: (name) => [name],
    carryOut: async (_engine, batch) => {
      batches.push([...batch]);
      await new Promise<void>((resolve) => ends.push(resolve));
      return batch.map((name) => Promise.resolve(name));
    },
  });
  /** Asks for these in one turn of the event loop, and waits for its end. */
  const ask = async (...names: string[]) => {
    const done = names.map((name) => go(app.engine, name));
    await turn();
    return { done: Promise.all(done) };
  };
  return { batches, ends, ask };
}

/** What is due at the end of a turn has begun. */
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve));
}

test("the first goes at once; few that come while it is under way go together after it", async () => {
  const { batches, ends, ask } = started();
  await ask("a");
  await ask("b", "c");
  await ask("d");
  expect(batches).toEqual([["a"]]);
  ends[0]?.();
  await turn();
  expect(batches).toEqual([["a"], ["b", "c", "d"]]);
});

test("many that come while one batch is under way go beside it, in a second one, and no third", async () => {
  const { batches, ask } = started();
  await ask("a");
  const many = ["b", "c", "d", "e", "f", "g"];
  await ask(...many);
  await ask(...many.map((name) => `later ${name}`));
  expect(batches).toEqual([["a"], many]);
});

test("one that takes long holds up nobody, and is answered when it ends", async () => {
  const { batches, ends, ask } = started();
  const slow = await ask("slow");
  const quick = await ask("quick");
  expect(batches).toEqual([["slow"]]);
  vi.advanceTimersByTime(LONG_MS);
  await turn();
  expect(batches).toEqual([["slow"], ["quick"]]);
  ends[1]?.();
  expect(await quick.done).toEqual(["quick"]);
  // The next one finds a lane that is free, and goes at once.
  const next = await ask("next");
  ends[2]?.();
  expect(await next.done).toEqual(["next"]);
  ends[0]?.();
  expect(await slow.done).toEqual(["slow"]);
  // Nothing is under way any more, so one alone goes at once.
  await ask("after");
  expect(batches.at(-1)).toEqual(["after"]);
});
