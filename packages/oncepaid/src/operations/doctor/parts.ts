import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { type Finding, fail, ok } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";
import { currentPrices } from "#/prices/current.ts";

/** What stands beside the app: the files that are sold, whoever does the work that is queued. */

export async function checkFiles(engine: Engine, words: Words): Promise<Finding[]> {
  const current = await currentPrices(engine);
  const files = engine.catalog.products.flatMap((product) =>
    product.kind === "download" && current.firstOf(product).state !== "absent"
      ? product.files.map(({ path }) => ({ key: product.key, path }))
      : [],
  );
  if (files.length === 0) return [ok("No file is sold.")];
  const { protocol, host, pathname } = engine.settings.storageUrl;
  const where = protocol === "file:" ? pathname : host + pathname;
  const findings: Finding[] = [];
  for (const { key, path } of files) {
    try {
      if (await engine.storage.stat(path)) continue;
      findings.push(
        fail(
          `“${key}” sells ${path}, which is not in ${where}.`,
          `Put the file there, or correct its path in ${words.catalog}.`,
        ),
      );
    } catch (error) {
      findings.push(
        fail(
          `The files can't be read from ${where}: ${messageOf(error)}.`,
          `Correct ${words.storage}: host, bucket, key and secret, with special characters percent-encoded.`,
        ),
      );
      break;
    }
  }
  return findings.length > 0 ? findings : [ok(`What is sold is in ${where} (files: ${files.length}).`)];
}

/** The relay looks every second, so work that waits this long is not looked at. */
const STUCK_SECONDS = 300;

type Work = { workers: number; waiting: number; age: number | null };

export async function checkWork(engine: Engine, words: Words): Promise<Finding[]> {
  const { rows } = await engine.database.query<{ ready: boolean }>(
    "select to_regclass('oncepaid_jobs.instance') is not null as ready",
  );
  if (!rows[0]?.ready) {
    return [
      fail(
        "The job queue's tables are missing, so no mail and no refund is sent.",
        `\`${words.migrate}\` makes them.`,
      ),
    ];
  }
  const { rows: found } = await engine.database.query<Work>(
    `select (select count(*)::int from oncepaid_jobs.instance
              where stopped_on is null and heartbeat_on > now() - heartbeat_seconds * 3 * interval '1 second') as workers,
            (select count(*)::int from oncepaid.outbox) as waiting,
            (select extract(epoch from now() - min(created_at))::int from oncepaid.outbox) as age`,
  );
  const { workers = 0, waiting = 0, age = null } = found[0] ?? {};
  if (workers === 0) {
    return [
      fail(
        "No worker is alive, so mails, refunds and sweeps wait.",
        `Start the app where it does the work itself, or \`${words.worker}\` where it doesn't.`,
      ),
    ];
  }
  if (age !== null && age > STUCK_SECONDS) {
    return [
      fail(
        `${waiting} pieces of work wait to be queued, the oldest for ${age} s.`,
        "Look into the worker's log for “relay”.",
      ),
    ];
  }
  return [ok(`${workers} alive.`)];
}
