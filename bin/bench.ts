import { parseArgs } from "node:util";
import { quantile } from "../bench/load.ts";
import { measurePgbench } from "../bench/pgbench.ts";
import { type BenchedShop, measureCheckout, startShop } from "../bench/shop.ts";
import { measureStart } from "../bench/start.ts";
import { store } from "../bench/stored.ts";
import { type Row, tableText } from "../bench/text.ts";
import { CONNECTIONS, measureWebhook } from "../bench/webhook.ts";
import { PartError } from "../shop/embedded/part-error.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { closeShop } from "../shop/src/oncepaid.ts";

/**
 * `npm run bench`: what the money path costs, beside PostgreSQL's own load generator with the same statements on the same
 * database. The load is made on the same machine, so figures compare with each other, not with another machine's. It measures
 * and judges nothing: exit code 0 however they are, 1 when something could not be measured.
 */
const USAGE = `npm run bench [-- options]

  --stored <orders>   measure once more with so many paid orders, and five times as many events, in the database
`;

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const stop = listenForStop();
  try {
    const { values } = parseArgs({ options: { stored: { type: "string" }, help: { type: "boolean" } } });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const stored = values.stored === undefined ? undefined : countOf(values.stored);
    console.log("\n  Starting an app, a database and a sandbox for this alone…");
    const shop = await startShop(stop.signal);
    const stopped = stop.requested.then(() => Promise.reject(new PartError("Stopped.")));
    const rows = await Promise.race([measure(shop, stored), stopped]).finally(async () => {
      await closeShop();
      await shop.stop();
    });
    console.log(`\n${tableText([...rows, await startRow()])}\n`);
    return 0;
  } catch (error) {
    const expected = error instanceof PartError || error instanceof TypeError;
    console.error(expected ? error.message : error);
    return 1;
  }
}

async function measure(shop: BenchedShop, stored: number | undefined): Promise<Row[]> {
  console.log("  Opening checkouts…");
  const checkout = await measureCheckout(shop);
  console.log("  Paying orders…");
  const { load, stripeCalls } = await measureWebhook(shop, "first");
  console.log("  The same statements by pgbench…");
  const reference = await measurePgbench(shop);
  return [
    {
      what: "POST /api/checkout beyond Stripe's own time, median",
      figure: `${checkout.median.toFixed(1)} ms`,
      budget: "≤ 5 ms",
      met: checkout.median <= 5,
    },
    {
      what: "calls to Stripe per order",
      figure: checkout.calls.toFixed(2),
      budget: "1",
      met: checkout.calls === 1,
    },
    {
      what: `paid orders granted and answered, ${CONNECTIONS} connections`,
      figure: `${load.perSecond.toFixed(0)}/s`,
    },
    ratioRow(load.perSecond, reference),
    {
      what: "… 99 of 100 within",
      figure: `${quantile(load.milliseconds, 0.99).toFixed(1)} ms`,
      budget: "≤ 15 ms",
      met: quantile(load.milliseconds, 0.99) <= 15,
    },
    {
      what: "… calls to Stripe meanwhile",
      figure: String(stripeCalls),
      budget: "0",
      met: stripeCalls === 0,
    },
    ...(stored === undefined ? [] : [await storedRow(shop, stored, load.perSecond)]),
  ];
}

function ratioRow(perSecond: number, reference: number | undefined): Row {
  const what = "… beside pgbench with the same statements";
  if (reference === undefined) return { what, figure: "not measured: there is no pgbench on the PATH" };
  const ratio = perSecond / reference;
  return {
    what,
    figure: `${ratio.toFixed(2)} of ${reference.toFixed(0)}/s`,
    budget: "≥ 0.70",
    met: ratio >= 0.7,
  };
}

async function storedRow(shop: BenchedShop, stored: number, before: number): Promise<Row> {
  console.log(`  Storing ${stored.toLocaleString("en-US")} orders…`);
  await store(shop, stored);
  const { load } = await measureWebhook(shop, "second");
  const ratio = load.perSecond / before;
  return {
    what: `… with ${stored.toLocaleString("en-US")} orders stored, beside few`,
    figure: `${ratio.toFixed(2)}`,
    budget: "≥ 0.90",
    met: ratio >= 0.9,
  };
}

async function startRow(): Promise<Row> {
  console.log("  npm start…");
  const seconds = await measureStart();
  return {
    what: "npm start, installed and built, to the first page",
    figure: `${seconds.toFixed(1)} s`,
    budget: "≤ 5 s",
    met: seconds <= 5,
  };
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new TypeError(`--stored takes a number of orders, not "${text}".`);
}
