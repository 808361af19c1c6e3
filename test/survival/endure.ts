import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../shop/embedded/alive.ts";
import { type Bought, buy } from "./buyer.ts";
import { lost } from "./checks.ts";
import { makeSlot, settle, sweepOnce } from "./sweeps.ts";
import type { Begun, Trouble } from "./troubles/trouble.ts";
import type { World } from "./world.ts";

export type Endured = {
  rounds: number;
  bought: Bought[];
  /** Answers that buyers did not get, or bad ones. */
  refused: number;
  restarts: number;
  problems: string[];
  seconds: number;
};

const MOMENT_MS = 500;
const FELT_LIMIT_MS = 60_000;
/** How long it stays after it was felt. */
const LASTS_MS = 1_500;
const AGAIN_MS = 200;
/** What doesn't come back for so long after it is over never will. */
const REVIVED_LIMIT_MS = 120_000;

/** People buy, something goes wrong and is over again; everybody gets an answer, and then nothing may be amiss. */
export async function endure(
  world: World,
  trouble: Trouble,
  { rounds, tell }: { rounds: number; tell: (line: string) => void },
): Promise<Endured> {
  const started = Date.now();
  const report: Endured = { rounds: 0, bought: [], refused: 0, restarts: 0, problems: [], seconds: 0 };
  const slotId = await makeSlot(world);
  while (report.rounds < rounds && report.problems.length === 0) {
    await round(world, trouble, report, slotId);
    report.seconds = Math.round((Date.now() - started) / 1000);
    tell(
      `${report.seconds} s: ${report.bought.length} orders, ${report.refused} answers refused, ${report.restarts} restarts`,
    );
  }
  trouble.settle?.();
  if (report.problems.length === 0) report.problems.push(...(await settle(world, report.bought)));
  report.seconds = Math.round((Date.now() - started) / 1000);
  return report;
}

async function round(world: World, trouble: Trouble, report: Endured, slotId: string): Promise<void> {
  let isOver = false;
  const refused = () => {
    report.refused++;
  };
  const shop = { ...world, refused };
  const buying = Array.from({ length: trouble.buyers }, async () => {
    // At least one purchase in the middle of it.
    do report.bought.push(await buy(shop, numbers.next().value, slotId));
    while (!isOver);
  });
  const bought = Promise.allSettled(buying);
  await pause(Math.random() * MOMENT_MS);
  const before = report.refused;
  const begun = await trouble.begin(world);
  const awake = keepAwake(world, trouble, report, () => isOver);
  const isFelt = await until(() => feels(begun, report.refused - before), FELT_LIMIT_MS);
  if (isFelt) await pause(LASTS_MS);
  else report.problems.push("It was never felt.");
  await begun.end();
  isOver = true;
  await awake;
  await begun.recover?.();
  for (const one of await bought) {
    if (one.status === "rejected") report.problems.push(`${one.reason}: ${one.reason?.cause}`);
  }
  report.rounds++;
  await sweepOnce(world);
  report.problems.push(...(await lost(world, report.bought, { settled: false })));
}

async function feels(begun: Begun, refused: number): Promise<boolean> {
  // While it lasts, looking may fail as everything else does.
  return Promise.resolve(begun.isFelt(refused)).catch(() => false);
}

/** What ends because of it is started again, as often as that takes. */
async function keepAwake(
  world: World,
  { mayEnd }: Trouble,
  report: Endured,
  isOver: () => boolean,
): Promise<void> {
  let over: number | undefined;
  for (;;) {
    const down = mayEnd.filter((victim) => world.ended().some(([who]) => who === victim));
    if (isOver()) over ??= Date.now();
    if (down.length === 0 && over !== undefined) return;
    if (over !== undefined && Date.now() - over > REVIVED_LIMIT_MS) {
      report.problems.push(`It doesn't start again: ${down.join(", ")}.`);
      return;
    }
    for (const victim of down) {
      report.restarts++;
      // Where it can't yet, because the disk is still full, it is tried again.
      await world.revive(victim).catch(() => {});
    }
    await pause(AGAIN_MS);
  }
}

const numbers = (function* () {
  for (let number = 0; ; number++) yield number;
})();
