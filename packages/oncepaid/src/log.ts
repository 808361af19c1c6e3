import pino from "pino";

/** What the engine says while it works: ids, outcomes and reasons only; no e-mail, no payload, no secret. pino's shape. */
export type Log = {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
};

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/**
 * One JSON line per happening, on standard output.
 *
 * @example
 * createOncepaid({ log: createLog("info"), … })
 */
export function createLog(level: LogLevel): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
