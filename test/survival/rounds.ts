import { setTimeout as pause } from "node:timers/promises";
import { type Bought, buy } from "./buyer.ts";
import { lost } from "./checks.ts";
import { makeSlot, settle, sweepOnce } from "./sweeps.ts";
import { VICTIMS, type Victim, type World } from "./world.ts";

/** What was killed, and where: at a random moment, or when the n-th message stood at a gate. */
export type Report = {
  rounds: number;
  kills: Record<Victim, number>;
  atSteps: number;
  bought: Bought[];
  problems: string[];
  seconds: number;
};

type Limits = { kills: number; limitMs: number; tell: (line: string) => void };

const BUYERS = 6;
const MOMENT_MS = 500;
/** More messages than a checkout or a delivery needs. */
const MOST_STEPS = 30;
/** One round in so many kills two at once. */
const PAIRS = 4;

/** Rounds until enough was killed or the time is over; it ends at the first thing that is lost. */
export async function survive(world: World, { kills, limitMs, tell }: Limits): Promise<Report> {
  const started = Date.now();
  const report: Report = {
    rounds: 0,
    kills: { web: 0, worker: 0, PostgreSQL: 0, "the sandbox": 0 },
    atSteps: 0,
    bought: [],
    problems: [],
    seconds: 0,
  };
  const slotId = await makeSlot(world);
  const killed = () => Object.values(report.kills).reduce((sum, one) => sum + one, 0);
  while (killed() < kills && Date.now() - started < limitMs && report.problems.length === 0) {
    await round(world, report, slotId);
    report.seconds = Math.round((Date.now() - started) / 1000);
    tell(`${report.seconds} s: ${killed()} kills, ${report.bought.length} orders`);
  }
  if (report.problems.length === 0) report.problems.push(...(await settle(world, report.bought)));
  report.seconds = Math.round((Date.now() - started) / 1000);
  return report;
}

/** Buyers buy, something is killed in the middle of it and comes back, all get their answers; then nothing may be amiss. */
async function round(world: World, report: Report, slotId: string): Promise<void> {
  const first = report.rounds * BUYERS;
  const buying = Promise.allSettled(
    Array.from({ length: BUYERS }, (_, number) => buy(world, first + number, slotId)),
  );
  const victims = chooseVictims();
  if (await moment(world, victims, buying)) report.atSteps++;
  await Promise.all(victims.map((victim) => world.kill(victim)));
  for (const gate of Object.values(world.gates)) void gate.arm(Number.POSITIVE_INFINITY);
  // The database first: the others want it when they start.
  for (const victim of ["PostgreSQL", "the sandbox", "web", "worker"] as const) {
    if (!victims.includes(victim)) continue;
    await world.restart(victim);
    report.kills[victim]++;
  }
  for (const one of await buying) {
    if (one.status === "fulfilled") report.bought.push(one.value);
    else report.problems.push(`${one.reason}: ${one.reason?.cause}`);
  }
  report.rounds++;
  await sweepOnce(world);
  report.problems.push(...(await lost(world, report.bought, { settled: false })));
}

function chooseVictims(): Victim[] {
  const others = [...VICTIMS];
  const take = () => others.splice(Math.floor(Math.random() * others.length), 1);
  return Math.random() < 1 / PAIRS ? [...take(), ...take()] : take();
}

/** Waits for the moment of the kill: half of the time a random one, else when a message stands at a gate. True for the latter. */
async function moment(world: World, victims: readonly Victim[], buying: Promise<unknown>): Promise<boolean> {
  if (Math.random() < 0.5) {
    await pause(Math.random() * MOMENT_MS);
    return false;
  }
  const gate = gateOf(world, victims);
  const atTheGate = gate.arm(1 + Math.floor(Math.random() * MOST_STEPS)).then(() => true);
  return Promise.race([atTheGate, buying.then(() => false)]);
}

/** One of a process that is killed: what was lost on the way, somebody else would wait for. */
function gateOf({ gates }: World, victims: readonly Victim[]) {
  if (victims.includes("worker")) return gates.worker;
  if (victims.includes("the sandbox")) return gates.stripe;
  return victims.includes("web") && Math.random() < 0.4 ? gates.stripe : gates.web;
}
