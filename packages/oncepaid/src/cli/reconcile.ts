import { parseArgs } from "node:util";
import { writeAct } from "#/audit/write.ts";
import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { reasonOf } from "#/cli/reason.ts";
import { whoIsHere } from "#/cli/who.ts";
import { compare } from "#/recovery/reconcile/difference.ts";
import { failures } from "#/recovery/reconcile/failures.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";
import { type ReconcileOptions, reconcile } from "#/recovery/reconcile/reconcile.ts";
import { comparisonText, progressText, reportText } from "#/recovery/reconcile/text.ts";

/** Where nobody watches, one line per so many that were compared. */
const LINE_EACH_OBJECTS = 1_000;
const STAYS_DONE = "What was done stays done; run it again and it goes on from there.";
/** When it is told to stop, the page at hand gets this long, because Stripe may take minutes to answer. */
const GRACE_MS = 5_000;
const UNIT_SECONDS: Record<string, number> = { m: 60, h: 3_600, d: 86_400 };

export const RECONCILE_USAGE = `  --since <when>   look back this far: 90m, 12h, 3d, or a date such as 2026-10-01. Without it: since the last comparison
  --dry-run        only say what differs
  --last           show what the last comparison said
`;

/**
 * Compares what Stripe says with what is held here, and sets right what differs. Exit code 0 when that is done, or when another
 * process is doing it; 1 when it could not be done, was stopped, or something could not be set right.
 */
export const reconcileCommand: Command = async (context, args) => {
  const { values } = parseArgs({
    args,
    options: { since: { type: "string" }, "dry-run": { type: "boolean" }, last: { type: "boolean" } },
  });
  const since = values.since === undefined ? {} : { since: secondsOf(values.since) };
  const progress = progressOn(context);
  try {
    if (values.last) return await showLast(context);
    if (!values["dry-run"]) return await repair(context, since, progress);
    const comparison = await compare(context.engine, { ...since, onPage: progress.show });
    progress.end();
    context.print(comparisonText(comparison, context.words.reconcile));
    return 0;
  } catch (error) {
    progress.end();
    context.printError(reasonOf(error));
    if (progress.pages() > 0) context.printError(STAYS_DONE);
    return 1;
  }
};

async function repair(
  context: CommandContext,
  since: { since?: number },
  progress: Progress,
): Promise<number> {
  const stopped = () => {
    progress.end();
    context.print(`Stopped. ${STAYS_DONE}`);
    return 1;
  };
  context.stop.addEventListener("abort", () => {
    setTimeout(() => process.exit(stopped()), GRACE_MS).unref();
  });
  await writeAct(context.engine.database, { by: whoIsHere(), what: "reconcile.started", details: since });
  const reconciled = await reconcile(context.engine, {
    ...since,
    onPage: progress.show,
    signal: context.stop,
  });
  if (!reconciled.ok && reconciled.code === "unfinished") return stopped();
  progress.end();
  context.print(
    reconciled.ok
      ? reportText(reconciled.report, context.words.api)
      : "Another process is comparing right now; nothing to do here.",
  );
  return reconciled.ok && failures(reconciled.report.counts) > 0 ? 1 : 0;
}

async function showLast({ engine, words, print }: CommandContext): Promise<number> {
  const { lastReport, underWay } = await readProgress(engine);
  if (underWay) print(`Under way since ${underWay.startedAt}: ${progressText("so far", underWay.counts)}.\n`);
  print(lastReport ? reportText(lastReport, words.api) : "Nothing has been compared yet.");
  return 0;
}

type Progress = { show: NonNullable<ReconcileOptions["onPage"]>; end(): void; pages(): number };

/** One line that is written over where a person watches, else a line now and then. */
function progressOn({ printError }: CommandContext): Progress {
  let [pages, told, lineOpen] = [0, 0, false];
  return {
    pages: () => pages,
    show: ({ name }, counts) => {
      pages++;
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\x1b[2K${progressText(name, counts)}`);
        lineOpen = true;
      } else if (Math.floor(counts.listed / LINE_EACH_OBJECTS) > told) {
        told = Math.floor(counts.listed / LINE_EACH_OBJECTS);
        printError(progressText(name, counts));
      }
    },
    end: () => {
      if (lineOpen) process.stderr.write("\r\x1b[2K");
      lineOpen = false;
    },
  };
}

/** Unix seconds of "3d", "12h", "90m" or an ISO date. */
function secondsOf(text: string): number {
  const [, count, unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  const ago = Number(count) * (UNIT_SECONDS[unit] ?? 0);
  const seconds = Math.floor(count === undefined ? date / 1000 : Date.now() / 1000 - ago);
  // Negative is before 1970, which Stripe refuses as a time.
  if (seconds >= 0 && seconds * 1000 <= Date.now()) return seconds;
  throw new UsageError(
    `--since must be a duration such as 3d, 12h or 90m, or a date in the past such as 2026-10-01, not "${text}".`,
  );
}
