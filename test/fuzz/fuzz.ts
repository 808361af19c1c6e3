import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type FuzzedRequest, fuzzedRequest } from "./requests.ts";
import { type FuzzedShop, startShop } from "./shop.ts";
import { chanceFrom } from "./values.ts";

/**
 * `npm run test:fuzz`: odd requests to every route of the table, pages, the webhook (signed ones too), the sandbox and the mail catcher.
 * No answer may be 5xx, nothing may be thrown that nobody catches, and memory, descriptors and a good visitor's waiting stay bounded.
 */
const USAGE = `npm run test:fuzz [-- options]

  --requests <n>   so many (3,000)
  --long           100,000
  --seed <n>       the same requests again
`;
const SHORT = 3_000;
const LONG = 100_000;
const AT_ONCE = 8;
const VISIT_MS = 200;
const SETTLE_MS = 3_000;
/** After the first quarter everything is loaded; what grows from then on by more than this grows without end. */
const MOST_GROWTH = 1.5;
const MOST_DESCRIPTORS_MORE = 30;
/** Loose: a machine may be busy with other things. */
const VISITOR_P99_MS = 5_000;
const TOLD = 20;

type Report = {
  statuses: Map<number, number>;
  byTarget: Map<string, number>;
  problems: string[];
  visits: number[];
};

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      requests: { type: "string" },
      long: { type: "boolean" },
      seed: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const count = Number(values.requests ?? (values.long ? LONG : SHORT));
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  console.log(`  seed ${seed}`);
  const shop = await startShop();
  try {
    const report = await fuzz(shop, count, seed);
    for (const problem of report.problems.slice(0, TOLD)) console.log(`  FAILED ${problem}`);
    console.log(`  ${report.problems.length} problems`);
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    await shop.stop();
  }
}

async function fuzz(shop: FuzzedShop, count: number, seed: number): Promise<Report> {
  const report: Report = { statuses: new Map(), byTarget: new Map(), problems: [], visits: [] };
  const started = Date.now();
  const chance = chanceFrom(seed);
  let sent = 0;
  let warm = shop.measure();
  const visiting = new AbortController();
  const visitor = visit(shop, report, visiting.signal);
  const send = async () => {
    while (sent < count && shop.ended() === undefined) {
      sent++;
      if (sent === Math.floor(count / 4)) warm = shop.measure();
      await sendOne(shop, report, fuzzedRequest(chance, shop.ground));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  visiting.abort();
  await visitor;
  await pause(SETTLE_MS);
  report.problems.push(...afterwards(shop, report, warm));
  const list = (counts: Map<string | number, number>) =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `${what}: ${times}`)
      .join(", ");
  console.log(
    `  ${sent} requests in ${Math.round((Date.now() - started) / 1000)} s; ${list(report.byTarget)}`,
  );
  console.log(`  answers ${list(report.statuses)}`);
  return report;
}

async function sendOne(shop: FuzzedShop, report: Report, one: FuzzedRequest): Promise<void> {
  const told = `${one.method} ${one.target} ${one.path.slice(0, 200)} ${String(one.body ?? "").slice(0, 300)} ${JSON.stringify(one.headers).slice(0, 400)}`;
  try {
    const status = await shop.ask(one);
    if (status === undefined) return;
    add(report.statuses, status);
    add(report.byTarget, one.target);
    if (status >= 500) report.problems.push(`${status} ${told}`);
  } catch (error) {
    report.problems.push(`${String(error)} ${told}`);
  }
}

/** Somebody who only looks, beside all of it. */
async function visit({ url }: FuzzedShop, { visits, problems }: Report, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const started = performance.now();
    const { status } = await fetch(`${url}/pricing`, { headers: { "x-forwarded-for": "198.51.100.7" } });
    visits.push(performance.now() - started);
    if (status !== 200) problems.push(`A good visitor was answered ${status}.`);
    await pause(VISIT_MS);
  }
}

function afterwards(shop: FuzzedShop, { visits }: Report, warm: ReturnType<FuzzedShop["measure"]>): string[] {
  const ended = shop.ended();
  if (ended !== undefined) return [`The app ended: ${ended}. ${shop.log().slice(-2_000)}`];
  const problems: string[] = [];
  const end = shop.measure();
  const p99 = visits.toSorted((a, b) => a - b)[Math.floor(visits.length * 0.99)] ?? 0;
  if (p99 > VISITOR_P99_MS) problems.push(`A good visitor waited ${Math.round(p99)} ms.`);
  if (end.bytes > warm.bytes * MOST_GROWTH) problems.push(`Memory grew from ${warm.bytes} to ${end.bytes}.`);
  if (end.descriptors > warm.descriptors + MOST_DESCRIPTORS_MORE)
    problems.push(`Descriptors grew from ${warm.descriptors} to ${end.descriptors}.`);
  const uncaught = shop.log().match(/.*(unhandled ?rejection|uncaught).*/gi) ?? [];
  problems.push(...uncaught.map((line) => `Nobody caught: ${line.slice(0, 500)}`));
  const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
  console.log(
    `  memory ${megabytes(warm.bytes)} MiB after a quarter, ${megabytes(end.bytes)} MiB at the end; descriptors ${warm.descriptors}, ` +
      `${end.descriptors}; a good visitor's page, 99 of 100: ${Math.round(p99)} ms (${visits.length} visits)`,
  );
  return problems;
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
