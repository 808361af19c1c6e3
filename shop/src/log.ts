import { createLog, type Log } from "oncepaid";
import { config } from "#/config.ts";

let current: Log | undefined;

/** What the shop says while it works, among the lines of its engine: ids, outcomes and reasons; no e-mail, no secret. */
export function log(): Log {
  current ??= createLog(config().logLevel);
  return current;
}
