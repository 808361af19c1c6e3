import { workerCommand } from "oncepaid/cli/worker.ts";
import { runOnShop } from "./command.ts";

/** Does the queued and scheduled work of an app that runs with WORKER=off, here or on another machine. */
const USAGE = "  No options. It works until it is stopped, at most 7 s after that.\n";

process.exit(
  await runOnShop({
    name: "npm run worker",
    usage: USAGE,
    command: workerCommand,
    makesCodes: true,
    logs: true,
  }),
);
