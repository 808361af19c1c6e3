import { parseArgs } from "node:util";
import { type Report, survive } from "./rounds.ts";
import { startWorld } from "./world.ts";

/**
 * `npm run test:survival`: an app, its worker, PostgreSQL and the sandbox are killed while people buy, again and again; after each round
 * nothing may be lost or done twice. Exit code 0 when that held.
 */
const USAGE = `npm run test:survival [-- options]

  --kills <n>   kill so often (40)
  --long        kill 1,000 times, for an hour or two
`;
const SHORT = { kills: 40, limitMs: 5 * 60_000 };
const LONG = { kills: 1_000, limitMs: 4 * 60 * 60_000 };

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { kills: { type: "string" }, long: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { kills, limitMs } = values.long ? LONG : SHORT;
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
