import { pendingMigrations } from "#/database/migrator.ts";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";

/** PostgreSQL's own numbering: 15.0. */
const OLDEST = 150_000;
/** Of all connections the server allows; beyond this a deploy that overlaps with its predecessor may get none. */
const CROWDED = 0.8;

type Server = {
  version: number;
  name: string;
  zone: string;
  used: number;
  allowed: number;
  recovering: boolean;
};

export async function checkDatabase(engine: Engine): Promise<Finding[]> {
  const found = await lookAtServer(engine);
  if (!("version" in found)) return [found];
  const findings: Finding[] = [];
  if (found.version < OLDEST) {
    findings.push(fail(`PostgreSQL is ${found.name}, older than 15.`, "Move to PostgreSQL 15 or newer."));
  }
  if (found.recovering) {
    findings.push(
      fail("DATABASE_URL is a standby, which can't be written.", "Point DATABASE_URL at the primary."),
    );
  }
  if (found.used / found.allowed > CROWDED) {
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

async function lookAtServer(engine: Engine): Promise<Server | Finding> {
  try {
    const { rows } = await engine.database.query<Server>(
      `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
              current_setting('TimeZone') as zone, pg_is_in_recovery() as recovering,
              (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
              current_setting('max_connections')::int as allowed`,
    );
    return rows[0] ?? fail("The database answers nothing.", "Check DATABASE_URL.");
  } catch (error) {
    return fail(
      `The database can't be reached: ${messageOf(error)}.`,
      "Start it, or correct DATABASE_URL; without DATABASE_URL, `npm start` brings one along.",
    );
  }
}

export async function checkMigrations(engine: Engine): Promise<Finding[]> {
  const pending = await pendingMigrations(engine.database);
  if (pending.length === 0) return [ok("Every migration was applied.")];
  return [
    fail(
      `The database lacks ${pending.join(", ")}.`,
      "`npm start` applies migrations; start this version once before buyers are sent to it.",
    ),
  ];
}
