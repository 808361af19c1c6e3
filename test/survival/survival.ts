import { parseArgs } from "node:util";
import { surviveMigrations } from "./migrations.ts";
import { type Report, survive } from "./rounds.ts";
import { removeWorld, startWorld } from "./world.ts";

/**
 * `npm run test:survival`: a migration is killed at its steps, then an app, its worker, PostgreSQL and the sandbox are killed while people buy, again and again; after each round
 * nothing may be lost or done twice. Exit code 0 when that held.
 */
const USAGE = `npm run test:survival [-- options]

  --kills <n>    kill the app so often (40)
  --migrations   kill migrations only
  --long         kill 1,000 times, for an hour or two, and a migration at each of its steps
`;
const SHORT = { kills: 40, limitMs: 4 * 60_000, migrations: 8 };
const LONG = { kills: 1_000, limitMs: 4 * 60 * 60_000, migrations: undefined };

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string" },
      migrations: { type: "boolean" },
      long: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { kills, limitMs, migrations } = values.long ? LONG : SHORT;
  const migrated = await surviveMigrations((line) => console.log(`  ${line}`), migrations);
  console.log(
    `  ${migrated.kills} migrations killed at steps of ${migrated.messages}, ${migrated.problems.length} problems`,
  );
  for (const problem of migrated.problems) console.log(`  LOST ${problem}`);
  if (values.migrations || migrated.problems.length > 0) return migrated.problems.length === 0 ? 0 : 1;
  const world = await startWorld();
  try {
    const report = await survive(world, {
      kills: values.kills === undefined ? kills : Number(values.kills),
      limitMs: values.kills === undefined ? limitMs : LONG.limitMs,
      tell: (line) => console.log(`  ${line}`),
    });
    console.log(textOf(report));
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    await world.stop();
    removeWorld();
  }
}

function textOf({ rounds, kills, atSteps, bought, problems, seconds }: Report): string {
  const did = (what: string) => bought.filter((one) => one.did === what).length;
  const total = Object.values(kills).reduce((sum, one) => sum + one, 0);
  return [
    "",
    `  ${total} kills in ${rounds} rounds and ${seconds} s: ${Object.entries(kills)
      .map(([victim, times]) => `${victim} ${times}`)
      .join(", ")}`,
    `  ${atSteps} rounds at a counted step, ${rounds - atSteps} at a random moment`,
    `  ${bought.length} orders: ${did("paid")} paid, ${did("refunded")} refunded, ${did("left")} left`,
    ...problems.map((problem) => `  LOST ${problem}`),
    `  ${problems.length} problems`,
  ].join("\n");
}
