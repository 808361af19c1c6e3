import { config } from "oncepaid-shop/config.ts";
import pino, { type Logger } from "pino";

let instance: Logger | undefined;

/** One JSON line per happening. Ids, outcomes and reasons only: no e-mail, no payload, no secret. */
export function log(): Logger {
  instance ??= pino({ level: config().logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return instance;
}
