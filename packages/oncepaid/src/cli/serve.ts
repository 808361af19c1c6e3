import { createServer, type RequestListener, type Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { getRequestListener } from "@hono/node-server";
import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { notConfigured } from "#/cli/not-configured.ts";
import { reasonOf } from "#/cli/reason.ts";
import { pendingMigrations } from "#/database/migrator.ts";
import type { Engine } from "#/engine.ts";
import { codeOf } from "#/failure.ts";
import { apiOf } from "#/http/app.ts";
import { type Addresses, closeAll, LOOPBACK, listenOn } from "#/listener.ts";
import { startWorker } from "#/work/worker.ts";

export const SERVE_USAGE = `  --port <n>      where it listens: 4000, or PORT
  --host <ip>     the address: this machine alone, or HOST; 0.0.0.0 in a container
  --drain <s>     seconds it goes on answering after it was asked to stop, its health 503: 0, or DRAIN_SECONDS
  --no-worker     npx oncepaid worker does the work elsewhere; the same as WORKER=off
`;

const NOT_MIGRATED =
  "The engine's tables aren't there, or are older than this version: run `npx oncepaid migrate`.";
const PORT = 4000;
const MOST_DRAIN_SECONDS = 600;
/** Running requests get this long to finish. */
const GRACE_MS = 8_000;

/**
 * Answers requests as a process of its own, next to apps in any language, and does the work that follows. Asked to stop it says so
 * in its health, goes on for the seconds it was told, finishes what runs and ends.
 */
export const serveCommand: Command = async (context, args) => {
  const asked = readAsked(args, process.env);
  const problem = await whyNot(context.engine);
  if (problem !== undefined) {
    context.printError(problem);
    return 1;
  }
  try {
    await serve(context, asked);
    return 0;
  } catch (error) {
    const taken = codeOf(error) === "EADDRINUSE";
    context.printError(
      taken ? `Port ${asked.port} is taken by another program; choose one: --port.` : reasonOf(error),
    );
    return 1;
  }
};

type Asked = { port: number; addresses: Addresses; drainSeconds: number; worker: boolean };

function readAsked(args: string[], env: NodeJS.ProcessEnv): Asked {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      drain: { type: "string" },
      "no-worker": { type: "boolean" },
    },
  });
  const host = values.host ?? env.HOST;
  const { WORKER: worker = "inline" } = env;
  if (worker !== "inline" && worker !== "off")
    throw new UsageError(`WORKER must be inline or off, not "${worker}".`);
  return {
    port: whole(values.port ?? env.PORT, "--port or PORT", PORT, 65_535),
    addresses: host ? [host] : LOOPBACK,
    drainSeconds: whole(values.drain ?? env.DRAIN_SECONDS, "--drain or DRAIN_SECONDS", 0, MOST_DRAIN_SECONDS),
    worker: !values["no-worker"] && worker === "inline",
  };
}

function whole(text: string | undefined, name: string, usual: number, most: number): number {
  if (text === undefined || text === "") return usual;
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new UsageError(`${name} must be a whole number up to ${most}, not "${text}".`);
}

/** Everything that is missing, at once: a process that starts and can't sell would be found out by a buyer. */
async function whyNot(engine: Engine): Promise<string | undefined> {
  const missing = notConfigured(engine);
  if (missing.length > 0) return missing.join("\n");
  try {
    return (await pendingMigrations(engine.database)).length > 0 ? NOT_MIGRATED : undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

async function serve({ engine, stop, print }: CommandContext, asked: Asked): Promise<void> {
  const { basePath, apiKeys } = engine.settings;
  const server = webServer(engine, stop);
  const listeners = await listenOn(server, asked.port, asked.addresses);
  const worker = asked.worker ? await startWorker(engine) : undefined;
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : asked.port;
  print(
    `Answering on http://${asked.addresses[0]}:${port}${basePath} ${andWork(asked.worker)} Ctrl-C stops it.`,
  );
  print(`All that can be asked, to read and try: http://${asked.addresses[0]}:${port}${basePath}/docs`);
  if (apiKeys.length === 0)
    print("No `apiKeys` are set: your other servers ask with a key of npx oncepaid keys.");
  await stopped(stop);
  // Connections that wait to be taken are lost when a server closes: first nobody should send any.
  await pause(asked.drainSeconds * 1000);
  await Promise.all([closeAll(server, listeners, GRACE_MS), worker?.stop()]);
}

function andWork(worker: boolean): string {
  return worker
    ? "and doing the work that follows."
    : "without doing the work that follows: npx oncepaid worker.";
}

/** A proxy that asks for health sends its visitors elsewhere once it is to stop. */
function webServer(engine: Engine, stop: AbortSignal): Server {
  const api = apiOf(engine, engine.settings.basePath);
  const answer = getRequestListener(
    (request, { incoming }) => api.fetch(request, { address: incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );
  const health = `${engine.settings.basePath}/health`;
  const listener: RequestListener = (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("x-frame-options", "DENY");
    if (stop.aborted) {
      response.setHeader("connection", "close");
      if (request.url?.split("?")[0] === health) {
        response.writeHead(503, { "content-type": "application/json", "cache-control": "no-store" });
        return void response.end(JSON.stringify({ status: "stopping" }));
      }
    }
    return void answer(request, response);
  };
  return createServer(listener);
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true });
  });
}
