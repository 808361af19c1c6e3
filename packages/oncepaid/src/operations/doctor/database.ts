import { pendingMigrations } from "#/database/migrator.ts";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";

/** PostgreSQL's own numbering: 15.0. */
const OLDEST_VERSION = 150_000;
/** The share of all connections the server allows; beyond it, a new version that starts before the old one ends may get none. */
const CROWDED_SHARE = 0.8;

type Server = {
  version: number;
  name: string;
  zone: string;
  used: number;
  allowed: number;
  recovering: boolean;
};

export async function checkDatabase(engine: Engine, words: Words): Promise<Finding[]> {
  const found = await lookAtServer(engine, words);
  if (!("version" in found)) return [found];
  const findings: Finding[] = [];
  if (found.version < OLDEST_VERSION) {
    findings.push(fail(`PostgreSQL is ${found.name}, older than 15.`, "Move to PostgreSQL 15 or newer."));
  }
  if (found.recovering) {
    findings.push(
      fail("The database is a standby, which can't be written.", `Point ${words.database} at the primary.`),
    );
  }
  if (found.used / found.allowed > CROWDED_SHARE) {
    findings.push(
      warn(
        `${found.used} of ${found.allowed} connections are taken.`,
        "Raise max_connections, or put a pooler in front; each app process takes up to 24.",
      ),
    );
  }
  if (found.zone !== "UTC" && found.zone !== "Etc/UTC") {
    findings.push(
      warn(
        `The database's time zone is ${found.zone}; times are stored right, but people who look with psql may be misled.`,
        "alter database … set timezone to 'UTC'",
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`PostgreSQL ${found.name}, time zone UTC.`)];
}

async function lookAtServer(engine: Engine, words: Words): Promise<Server | Finding> {
  try {
    const { rows } = await engine.database.query<Server>(
      `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
              current_setting('TimeZone') as zone, pg_is_in_recovery() as recovering,
              (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
              current_setting('max_connections')::int as allowed`,
    );
    return rows[0] ?? fail("The database answers nothing.", `Check ${words.database}.`);
  } catch (error) {
    return fail(
      `The database can't be reached: ${messageOf(error).replace(/\.$/, "")}.`,
      `Start it, or correct ${words.database}.`,
    );
  }
}

export async function checkMigrations(engine: Engine, words: Words): Promise<Finding[]> {
  const pending = await pendingMigrations(engine.database);
  if (pending.length === 0) return [ok("Every migration was applied.")];
  return [
    fail(
      `The database lacks ${pending.join(", ")}.`,
      `\`${words.migrate}\` applies migrations; run it once with this version before buyers are sent to it.`,
    ),
  ];
}
