import { afterEach, expect, test } from "vitest";
import { type RunningSandbox, startSandbox } from "./server.ts";

let sandbox: RunningSandbox;
afterEach(() => sandbox.close());

const second = () => Math.floor(Date.now() / 1000);

/** Waits until the real time is another second. */
async function aSecondLater(): Promise<void> {
  const before = second();
  await expect.poll(second, { interval: 20, timeout: 5_000 }).toBeGreaterThan(before);
}

test("time passes by itself, and faster when it is told to", async () => {
  sandbox = await startSandbox({ port: 0 });
  const account = sandbox.account("time");
  const before = account.now();
  await aSecondLater();
  expect(account.now()).toBeGreaterThan(before);
  account.advance(3_600);
  expect(account.now()).toBeGreaterThan(before + 3_600);
});

test("a frozen clock stands still in each account, except for what it is told to advance", async () => {
  sandbox = await startSandbox({ port: 0, frozenClock: true });
  const [one, other] = [sandbox.account("one"), sandbox.account("other")];
  const [before, others] = [one.now(), other.now()];
  await aSecondLater();
  expect([one.now(), other.now()]).toEqual([before, others]);
  one.advance(7);
  expect([one.now(), other.now()]).toEqual([before + 7, others]);
  one.reset();
  expect(one.now()).toBe(before);
});
