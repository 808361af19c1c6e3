import { parseArgs } from "node:util";
import { type Endured, endure } from "./endure.ts";
import { clock } from "./troubles/clock.ts";
import { connections } from "./troubles/connections.ts";
import { databaseDisk, dataDisk } from "./troubles/disk.ts";
import { locks } from "./troubles/locks.ts";
import { memory } from "./troubles/memory.ts";
import type { Trouble } from "./troubles/trouble.ts";
import { removeWorld, startWorld } from "./world.ts";

/**
 * `npm run test:trouble [-- kinds] [--rounds n]`: the disk is full, clocks jump, memory runs out, tables are locked, connections run out,
 * each while people buy; when it is over nothing may be lost or done twice. Exit code 0 when that held.
 */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  locks,
  connections,
  memory,
  clock,
  "disk of PostgreSQL": databaseDisk,
  "disk of .data": dataDisk,
};
const ROUNDS = 5;

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: "string" } },
    allowPositionals: true,
  });
  const rounds = Number(values.rounds ?? ROUNDS);
  const unknown = positionals.filter((word) => !Object.keys(TROUBLES).some((name) => name.startsWith(word)));
  if (unknown.length > 0 || !(Number.isInteger(rounds) && rounds > 0)) {
    console.error(
      unknown.length > 0
        ? `There is no trouble "${unknown[0]}"; there are ${Object.keys(TROUBLES).join(", ")}.`
        : `--rounds is a whole number, at least 1, not "${values.rounds}".`,
    );
    return 1;
  }
  const wanted = Object.entries(TROUBLES).filter(
    ([name]) => positionals.length === 0 || positionals.some((word) => name.startsWith(word)),
  );
  let problems = 0;
  for (const [name, trouble] of wanted) {
    const lacks = trouble.lacks?.();
    if (lacks !== undefined) {
      console.log(`\n  ${name}: left out, ${lacks}`);
      continue;
    }
    console.log(`\n  ${name}`);
    const report = await endured(trouble, rounds);
    console.log(textOf(name, report));
    problems += report.problems.length;
  }
  return problems === 0 ? 0 : 1;
}

async function endured(trouble: Trouble, rounds: number): Promise<Endured> {
  try {
    const world = await startWorld(trouble.world());
    try {
      return await endure(world, trouble, { rounds, tell: (line) => console.log(`    ${line}`) });
    } finally {
      await world.stop();
    }
  } finally {
    trouble.close?.();
    removeWorld();
  }
}

function textOf(name: string, { rounds, bought, refused, restarts, problems, seconds }: Endured): string {
  const did = (what: string) => bought.filter((one) => one.did === what).length;
  return [
    `  ${name}: ${rounds} times in ${seconds} s, ${refused} answers refused, ${restarts} restarts`,
    `  ${bought.length} orders: ${did("paid")} paid, ${did("refunded")} refunded, ${did("left")} left`,
    ...problems.map((problem) => `  LOST ${problem}`),
    `  ${problems.length} problems`,
  ].join("\n");
}
