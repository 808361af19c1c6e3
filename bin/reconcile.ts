import { parseArgs } from "node:util";
import { messageOf } from "oncepaid/failure.ts";
import { compare } from "oncepaid/recovery/reconcile/difference.ts";
import type { Pass } from "oncepaid/recovery/reconcile/passes.ts";
import { readProgress } from "oncepaid/recovery/reconcile/progress.ts";
import { type ReconcileOptions, reconcile } from "oncepaid/recovery/reconcile/reconcile.ts";
import type { Counts } from "oncepaid/recovery/reconcile/report.ts";
import { comparisonText, progressText, reportText } from "oncepaid/recovery/reconcile/text.ts";
import { takeAppEnv } from "../shop/embedded/app-env.ts";
import { WORDS } from "../shop/src/doctor/words.ts";
import { closeShop, engine } from "../shop/src/engine.ts";

/**
 * `npm run reconcile`: compares what Stripe says with what is held here, and sets right what differs. Exit code 0 when that is
 * done, or when another process is doing it; 1 when it could not be done or was stopped.
 */
const USAGE = `npm run reconcile [-- options]

  --since <when>   look back this far: 90m, 12h, 3d, or a date such as 2026-10-01. Without it: since the last comparison
  --dry-run        only say what differs
  --last           show what the last comparison said
`;

const UNIT_SECONDS: Record<string, number> = { m: 60, h: 3_600, d: 86_400 };
/** Where nobody watches, one line per so many that were compared. */
const LINE_EACH_OBJECTS = 1_000;
const STAYS_DONE = "What was done stays done; run it again and it goes on from there.";
/** When it is told to stop, the page at hand gets this long, because Stripe may take minutes to answer. */
const GRACE_MS = 5_000;
/** Pages that were set right. */
let pages = 0;
let told = 0;
let lineOpen = false;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        since: { type: "string" },
        "dry-run": { type: "boolean" },
        last: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const since = values.since === undefined ? undefined : secondsOf(values.since);
    takeAppEnv();
    process.env.LOG_LEVEL = "silent";
    if (values.last) await showLast();
    else if (values["dry-run"])
      console.log(comparisonText(await compare(engine(), optionsOf(since)), WORDS.reconcile));
    else return await repair(optionsOf(since));
    return 0;
  } catch (error) {
    endLine();
    console.error(messageOf(error));
    if (pages > 0) console.error(STAYS_DONE);
    return 1;
  } finally {
    await closeShop();
  }
}

async function repair(options: ReconcileOptions): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stop.abort();
      setTimeout(() => process.exit(stopped()), GRACE_MS).unref();
    });
  }
  const onPage: ReconcileOptions["onPage"] = (pass, counts) => {
    pages++;
    showProgress(pass, counts);
  };
  const reconciled = await reconcile(engine(), { ...options, onPage, signal: stop.signal });
  if (!reconciled.ok && reconciled.code === "unfinished") return stopped();
  endLine();
  console.log(
    reconciled.ok
      ? reportText(reconciled.report, WORDS.api)
      : "Another process is comparing right now; nothing to do here.",
  );
  return 0;
}

/** The exit code of a comparison that was told to stop. */
function stopped(): number {
  endLine();
  console.log(`Stopped. ${STAYS_DONE}`);
  return 1;
}

async function showLast(): Promise<void> {
  const { lastReport, underWay } = await readProgress(engine());
  if (underWay)
    console.log(`Under way since ${underWay.startedAt}: ${progressText("so far", underWay.counts)}.\n`);
  console.log(lastReport ? reportText(lastReport, WORDS.api) : "Nothing has been compared yet.");
}

function optionsOf(since: number | undefined): ReconcileOptions {
  return { ...(since !== undefined && { since }), onPage: showProgress };
}

function showProgress({ name }: Pass, counts: Counts): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[2K${progressText(name, counts)}`);
    lineOpen = true;
  } else if (Math.floor(counts.listed / LINE_EACH_OBJECTS) > told) {
    told = Math.floor(counts.listed / LINE_EACH_OBJECTS);
    console.error(progressText(name, counts));
  }
}

function endLine(): void {
  if (lineOpen) process.stderr.write("\r\x1b[2K");
  lineOpen = false;
}

/** Unix seconds of "3d", "12h", "90m" or an ISO date. */
function secondsOf(text: string): number {
  const [, count, unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  const ago = Number(count) * (UNIT_SECONDS[unit] ?? 0);
  const seconds = Math.floor(count === undefined ? date / 1000 : Date.now() / 1000 - ago);
  // Negative is before 1970, which Stripe refuses as a time.
  if (seconds >= 0 && seconds * 1000 <= Date.now()) return seconds;
  throw new TypeError(
    `--since must be a duration such as 3d, 12h or 90m, or a date in the past such as 2026-10-01, not "${text}".`,
  );
}
