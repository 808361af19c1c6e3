import { spawn } from "node:child_process";
import { join } from "node:path";
import { messageOf } from "oncepaid/failure";
import { endingOf, settlesWithin } from "../shop/embedded/child.ts";
import { PartError } from "../shop/embedded/part-error.ts";
import { ROOT } from "../shop/embedded/places.ts";
import { freePortsFrom } from "../shop/embedded/ports.ts";
import { startPostgres } from "../shop/embedded/postgres.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";
import { countTests } from "../test/support/results.ts";
import { clearFinishedRuns, openRunFolder, removeRunFolder } from "../test/support/run-folder.ts";
import { prepareTemplate } from "../test/support/template.ts";

/**
 * `npm test [-- arguments for vitest]`: a database server of its own (or TEST_DATABASE_URL: a server where the role may
 * create databases), a migrated template, vitest, and one closing line "N passed, N failed". Two runs at once don't
 * meet: each has its own folder and ports.
 */

/** vitest ends its workers when it is told to stop; past this it is stuck. */
const STOP_LIMIT_MS = 10_000;
/** Each of the files that run at once may fill the pools of a shop and of a worker, 64 connections, and some look in beside them. */
const MOST_CONNECTIONS = 300;

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const stop = listenForStop();
  await clearFinishedRuns();
  const run = openRunFolder();
  const database = process.env.TEST_DATABASE_URL ? undefined : await startTestServer(run);
  try {
    const serverUrl = process.env.TEST_DATABASE_URL || database?.url || "";
    const template = await prepareTemplate(serverUrl);
    const env = { TEST_RUN_DIR: run, TEST_DATABASE_URL: serverUrl, TEST_DATABASE_TEMPLATE: template };
    return await runVitest(run, env, stop.signal);
  } catch (error) {
    console.error(error instanceof PartError ? messageOf(error) : error);
    console.log("0 passed, 1 failed");
    return 1;
  } finally {
    await database?.stop();
    removeRunFolder();
  }
}

function startTestServer(run: string) {
  // Away from the ports people give to servers, and from another run that starts at the same moment.
  const first = 20_000 + Math.floor(Math.random() * 10_000);
  const settings = { max_connections: MOST_CONNECTIONS };
  return startPostgres({ dir: run, nextPort: freePortsFrom(first), durable: false, settings });
}

async function runVitest(run: string, env: Record<string, string>, stop: AbortSignal): Promise<number> {
  const results = join(run, "results.json");
  const vitest = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules", "vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...process.argv.slice(2),
    ],
    { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } },
  );
  const ended = endingOf(vitest);
  stop.addEventListener("abort", async () => {
    vitest.kill("SIGTERM");
    if (!(await settlesWithin(ended, STOP_LIMIT_MS))) vitest.kill("SIGKILL");
  });
  const ending = await ended;
  const success = ending === "exit code 0" && !stop.aborted;
  console.log(countTests(results, success));
  return success ? 0 : 1;
}
