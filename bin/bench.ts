import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { measureDeskPages, OPERATOR } from "../bench/desk.ts";
import { measureFirstPage } from "../bench/first-page.ts";
import { measureHas } from "../bench/has.ts";
import { beside, buyerOf, measureRounds, median, type Round } from "../bench/rounds.ts";
import { type BenchedShop, measureCheckout, measureCheckouts, startShop } from "../bench/shop.ts";
import { measureStart } from "../bench/start.ts";
import { store, storeActs } from "../bench/stored.ts";
import { type Row, tableText } from "../bench/text.ts";
import { CONNECTIONS, measureWebhook } from "../bench/webhook.ts";
import { PartError } from "../shop/embedded/part-error.ts";
import { CLONE_DATA } from "../shop/embedded/places.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { closeShop } from "../shop/src/oncepaid.ts";

/**
 * `npm run bench`: what the money path costs, beside PostgreSQL's own load generator on the same database, in rounds that
 * take turns. The load is made on the same machine, so figures compare with each other, not with another machine's. It measures
 * and judges nothing: exit code 0 however they are, 1 when something could not be measured.
 */
const USAGE = `npm run bench [-- options]

  --rounds <number>   how often the app and pgbench take turns; the table shows the middle one (3)
  --stored <orders>   measure once more with so many paid orders, and five times as many events, in the database
  --page              measure the first page alone
  --desk <orders>     measure the operators' pages alone, with so many paid orders in the database
`;

const REPORT = join(CLONE_DATA, "bench.json");

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const stop = listenForStop();
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: "string" },
        stored: { type: "string" },
        page: { type: "boolean" },
        desk: { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const rounds = values.rounds === undefined ? 3 : countOf("rounds", values.rounds);
    const stored = values.stored === undefined ? undefined : countOf("stored", values.stored);
    const desk = values.desk === undefined ? undefined : countOf("desk", values.desk);
    tell("Starting an app, a database and a sandbox for this alone…");
    const shop = await startShop(stop.signal, { ADMIN_EMAILS: OPERATOR });
    const stopped = stop.requested.then(() => Promise.reject(new PartError("Stopped.")));
    const measuring = desk
      ? measureDesk(shop, desk)
      : values.page
        ? measurePage(shop)
        : measure(shop, rounds, stored);
    const measured = await Promise.race([measuring, stopped]).finally(async () => {
      await closeShop();
      await shop.stop();
    });
    const rows = values.page || desk ? measured.rows : [...measured.rows, await startRow()];
    console.log(`\n${machine()}\n\n${tableText(rows)}\n`);
    mkdirSync(dirname(REPORT), { recursive: true });
    const report = { at: new Date().toISOString(), machine: machine(), rows, rounds: measured.rounds };
    writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
    console.log(`  Each round's figures: ${REPORT}\n`);
    return 0;
  } catch (error) {
    const expected = error instanceof PartError || error instanceof TypeError;
    console.error(expected ? error.message : error);
    return 1;
  }
}

function tell(line: string): void {
  console.log(`  ${line}`);
}

function machine(): string {
  const [processor] = cpus();
  const busy = loadavg().map((one) => one.toFixed(1));
  return `  ${cpus().length} × ${processor?.model.trim()}, Node ${process.version}, load of the last 1, 5 and 15 minutes ${busy.join(", ")}`;
}

async function measure(
  shop: BenchedShop,
  count: number,
  stored: number | undefined,
): Promise<{ rows: Row[]; rounds: Round[] }> {
  tell("Opening checkouts…");
  const checkout = await measureCheckout(shop);
  const rounds = await measureRounds(shop, count, tell);
  const { hasMs, emptyMs } = await measureHas(buyerOf(0));
  const rows = [
    atMost("POST /api/checkout beyond Stripe's own time, median", checkout.median, 5, "ms"),
    exactly("calls to Stripe per order", checkout.calls, 1),
    ...rowsOf(rounds),
    atMost("has(userId, key), median", hasMs, 0.3, "ms"),
    { what: "… beside a statement that looks nothing up", figure: `${emptyMs.toFixed(2)} ms` },
    ...(stored === undefined ? [] : [await storedRow(shop, stored, rounds)]),
    ...(await measurePage(shop)).rows,
    await checkoutsRow(shop, count),
  ];
  return { rows, rounds };
}

async function measurePage({ url }: BenchedShop): Promise<{ rows: Row[]; rounds: Round[] }> {
  tell("The first page…");
  const pages = await measureFirstPage(url);
  const rows = pages.flatMap(({ language, paintedMs, scripts, fonts, requests }) => [
    atMost(`first page, ${language}, at 1.6 Mbit/s and a quarter of the processor`, paintedMs, 900, "ms"),
    atMost("… scripts", scripts / 1000, 110, "kB"),
    atMost("… fonts", fonts / 1000, 80, "kB"),
    atMost("… requests", requests, 15, ""),
  ]);
  return { rows, rounds: [] };
}

async function measureDesk(shop: BenchedShop, count: number): Promise<{ rows: Row[]; rounds: Round[] }> {
  tell(`Storing ${count.toLocaleString("en-US")} orders…`);
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  await store(shop, count, {
    eventsPerOrder: 1,
    aging: true,
    tell: (table) => tell(`… ${table}, ${seconds()}`),
  });
  await storeActs(shop, count);
  tell(`… audit_entry, ${seconds()}`);
  tell("The operators' pages…");
  const { pages, ordersPerSecond } = await measureDeskPages(shop, count);
  const rows = pages.map(({ path, milliseconds }) => atMost(path, milliseconds, 300, "ms"));
  return {
    rows: [...rows, { what: "orders as CSV", figure: `${ordersPerSecond.toFixed(0)} orders/s` }],
    rounds: [],
  };
}

function rowsOf(rounds: readonly Round[]): Row[] {
  const of = (field: (round: Round) => number | null) => median(rounds, field);
  const loadMs = of((round) => round.loadMs) ?? 0;
  const busy = of((round) => round.busy);
  const ownMs = (of((round) => round.nodeMs) ?? 0) + (of((round) => round.postgresMs) ?? 0);
  return [
    {
      what: `paid orders granted and answered, ${CONNECTIONS} connections`,
      figure: `${of(({ perSecond }) => perSecond)?.toFixed(0)}/s`,
    },
    besideRow("four plain statements", rounds, "plainStatements", 0.7),
    besideRow("our own statements", rounds, "sameStatements", 1.2),
    { what: "… half of them within", figure: `${of(({ p50Ms }) => p50Ms)?.toFixed(1)} ms` },
    atMost(
      "… 99 of 100 within",
      of(({ p99Ms }) => p99Ms),
      15,
      "ms",
    ),
    atMost(
      "… CPU of node per event",
      of(({ nodeMs }) => nodeMs),
      0.3,
      "ms",
    ),
    atMost(
      "… CPU of PostgreSQL per event",
      of(({ postgresMs }) => postgresMs),
      0.3,
      "ms",
    ),
    {
      what: "… CPU of making the load, per event",
      figure: `${loadMs.toFixed(2)} ms${loadMs > ownMs / 4 ? ": too much, it is part of what was measured" : ""}`,
    },
    {
      what: "… part of the processors' time in which they were busy",
      figure: busy === null ? "not measured on this system" : busy.toFixed(2),
    },
    exactly(
      "… calls to Stripe meanwhile",
      of(({ stripeCalls }) => stripeCalls),
      0,
    ),
  ];
}

function besideRow(
  what: string,
  rounds: readonly Round[],
  field: "plainStatements" | "sameStatements",
  least: number,
): Row {
  const [ratio, reference] = [median(rounds, beside(field)), median(rounds, (round) => round[field])];
  const row = { what: `… beside pgbench with ${what}` };
  if (ratio === null) return { ...row, figure: "not measured: there is no pgbench on the PATH" };
  const figure = `${ratio.toFixed(2)} of ${reference?.toFixed(0)}/s`;
  return { ...row, figure, budget: `≥ ${least.toFixed(2)}`, met: ratio >= least };
}

function atMost(what: string, value: number | null, most: number, unit: string): Row {
  if (value === null) return { what, figure: "not measured on this system" };
  return {
    what,
    figure: `${value.toFixed(2)} ${unit}`,
    budget: `≤ ${most} ${unit}`,
    met: value <= most,
  };
}

function exactly(what: string, value: number | null, wanted: number): Row {
  return { what, figure: String(value), budget: String(wanted), met: value === wanted };
}

async function checkoutsRow(shop: BenchedShop, rounds: number): Promise<Row> {
  tell("Checkouts beside a Stripe that answers at once…");
  const { perSecond, calls } = await measureCheckouts(shop, rounds);
  return {
    what: `checkouts, ${calls.toFixed(2)} calls each to a Stripe that answers at once`,
    figure: `${perSecond.toFixed(0)}/s`,
    budget: "≥ 1500/s",
    met: perSecond >= 1_500,
  };
}

async function storedRow(shop: BenchedShop, stored: number, before: readonly Round[]): Promise<Row> {
  tell(`Storing ${stored.toLocaleString("en-US")} orders…`);
  await store(shop, stored);
  const { load } = await measureWebhook(shop, "grown");
  const ratio = load.perSecond / (median(before, ({ perSecond }) => perSecond) ?? Number.NaN);
  return {
    what: `… with ${stored.toLocaleString("en-US")} orders stored, beside few`,
    figure: ratio.toFixed(2),
    budget: "≥ 0.90",
    met: ratio >= 0.9,
  };
}

async function startRow(): Promise<Row> {
  tell("npm start…");
  const seconds = await measureStart();
  return {
    what: "npm start, installed and built, to the first page",
    figure: `${seconds.toFixed(1)} s`,
    budget: "≤ 5 s",
    met: seconds <= 5,
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new TypeError(`--${option} takes a number, not "${text}".`);
}
