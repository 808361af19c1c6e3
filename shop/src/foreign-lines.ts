import { format } from "node:util";
import type { Log } from "oncepaid";

/** What each method of the console is in the log. */
const LEVELS = { log: "info", info: "info", debug: "info", warn: "warn", error: "error" } as const;

/**
 * What Next, Node and other packages write to the console becomes lines of the log, so that whoever reads the output as JSON can read
 * all of it.
 */
export function logForeignLines(log: Log): void {
  for (const method of ["log", "info", "debug", "warn", "error"] as const) {
    console[method] = (...parts: unknown[]) =>
      log[LEVELS[method]]({ from: "console" }, format(...parts).trim());
  }
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log.warn({ from: "node" }, `${warning.name}: ${warning.message}`));
}
