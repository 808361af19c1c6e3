import { settingNames } from "#/config.ts";

/** What PostgreSQL's programs, and setpriv before them, read of an environment. */
const NEEDED_BY_POSTGRES = ["PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR"];

/**
 * PostgreSQL may run as another user of the machine, whose every program can read its environment: it gets what it needs, and no
 * secret of anybody's.
 */
export function postgresEnv(): NodeJS.ProcessEnv {
  return only((name) => NEEDED_BY_POSTGRES.includes(name));
}

/** The environment without the shop's settings, for a program that has nothing to do with them. */
export function withoutSettings(): NodeJS.ProcessEnv {
  return only((name) => !settingNames.includes(name));
}

function only(isKept: (name: string) => boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => isKept(name));
  return { NODE_ENV: process.env.NODE_ENV, ...Object.fromEntries(kept) };
}
