import { runOnShop } from "./command.ts";

/** Does the queued and scheduled work of an app that runs with WORKER=off, here or on another machine. */
process.exit(await runOnShop({ name: "worker", makesCodes: true, logs: true }));
