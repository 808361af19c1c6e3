import { codeOf, messageOf } from "#/failure.ts";

/** Nobody answers there: the system's codes. */
const UNREACHABLE = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH"];
/** PostgreSQL's: no connection (08), not let in (28), no such database (3D), it is starting or stopping (57P). */
const REFUSED = /^(08|28|3D|57P)/;
/** PostgreSQL's: there is no such table, column or schema. */
const NOT_MIGRATED = ["42P01", "42703", "3F000"];

/** Why something could not be done, for a person at a terminal: with what to do, where that is known. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const code = codeOf(error) ?? "";
  if (UNREACHABLE.includes(code) || REFUSED.test(code)) {
    return `The database can't be reached: ${message}. Start it, or correct the option \`database\`.`;
  }
  if (NOT_MIGRATED.includes(code)) {
    return `The engine's tables aren't there, or are older than this version: run \`npx oncepaid migrate\`. (${message})`;
  }
  return message;
}
