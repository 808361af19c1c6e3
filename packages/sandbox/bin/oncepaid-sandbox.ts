#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import type { RunningSandbox } from "../src/server.ts";

const HELP = `Usage: oncepaid-sandbox --port <number> [options]

A local Stripe: the API, hosted Checkout and signed webhooks, with play money.

  --port <number>           where to listen (0 picks a free port)
  --host <address>          default 127.0.0.1: only this machine, and only by its own names
  --webhook <url>           send all events to this URL, and print its signing secret
  --webhook-secret <whsec>  use this signing secret instead of a made-up one
  --data-dir <directory>    keep state there; without it, state ends with the process
  --seed <number>           the same ids every run
  --frozen-clock            time stands still, and moves by POST /sandbox/clock/advance alone
  --help                    this text
`;

const FROM_SOURCES = import.meta.filename.endsWith(".ts");
/** V8's own: from here on it grows with its work. */
const USUAL_GROWTH = 2;

interface Arguments {
  port: number;
  host?: string;
  dataDir?: string;
  seed?: number;
  frozenClock?: boolean;
  webhook?: { url: string; secret?: string };
}

/**
 * Started by another process, which decides when to stop. If that process started this very file, nobody reads what is
 * printed and it is told by a message; `npm run sandbox` comes here by a file of its own, with somebody at the terminal.
 */
const spawned = process.send !== undefined;
const silent = spawned && import.meta.main;

await main();

async function main(): Promise<void> {
  const options = readArguments();
  // A nursery that grows while starting is never given back. As one file that is 15 megabytes for a quarter of the CPU; from the sources
  // it would be 20, more than the 120 that all of it may take, for a tenth.
  if (FROM_SOURCES) setFlagsFromString("--semi-space-growth-factor=1");
  // Two hundred files without their types are read again in half the time, if they were kept from the last start.
  enableCompileCache();
  const { startSandbox } = await import("../src/server.ts");
  const sandbox = await startSandbox(options).catch((error) => fail(startProblem(error, options)));
  if (FROM_SOURCES) setFlagsFromString(`--semi-space-growth-factor=${USUAL_GROWTH}`);
  stopWhenAsked(sandbox);
  process.send?.({ type: "ready", port: sandbox.port, url: sandbox.url });
  if (!silent) console.log(welcome(sandbox, options));
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        webhook: { type: "string" },
        "webhook-secret": { type: "string" },
        "data-dir": { type: "string" },
        seed: { type: "string" },
        "frozen-clock": { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    return checked(values);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function checked(values: Record<string, string | boolean | undefined>): Arguments {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const port = text("port");
  if (port === undefined) fail("Say where to listen with --port, for example --port 12111.");
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    fail(`--port must be a number up to 65535, not "${port}".`);
  const url = text("webhook");
  if (url !== undefined && !/^https?:\/\//.test(url)) fail(`--webhook must be an http(s) URL, not "${url}".`);
  const secret = text("webhook-secret");
  if (secret !== undefined && url === undefined) fail("--webhook-secret needs --webhook.");
  if (secret !== undefined && !/^whsec_\S+$/.test(secret)) fail("--webhook-secret must start with whsec_.");
  const [host, dataDir, seed] = [text("host"), text("data-dir"), text("seed")];
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) fail(`--seed must be a whole number, not "${seed}".`);
  return {
    port: Number(port),
    ...(host && { host }),
    ...(dataDir && { dataDir }),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(values["frozen-clock"] === true && { frozenClock: true }),
    ...(url && { webhook: { url, ...(secret && { secret }) } }),
  };
}

function startProblem(error: unknown, options: Arguments): string {
  const { code, message } =
    error instanceof Error
      ? Object.assign({ code: "" }, error, { message: error.message })
      : { code: "", message: String(error) };
  if (code === "EADDRINUSE")
    return `Port ${options.port} is already in use: stop what listens there, or choose another --port.`;
  if (code === "EACCES") return `Not allowed to listen on port ${options.port}: choose one above 1023.`;
  return `The sandbox could not start: ${message}`;
}

function stopWhenAsked(sandbox: RunningSandbox): void {
  const stop = () => void sandbox.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.on("message", (message) => {
    if (typeof message === "object" && message !== null && "type" in message && message.type === "stop")
      stop();
  });
  if (spawned) process.once("disconnect", stop);
}

function welcome({ url, port, webhookSecret }: RunningSandbox, { webhook }: Arguments): string {
  const host = new URL(url).hostname;
  const lines = [
    `Stripe sandbox on ${url} — open it to see sessions, events and deliveries.`,
    "",
    "Point an SDK at it (any sk_test_ key works):",
    `  new Stripe("sk_test_123", { host: "${host}", port: ${port}, protocol: "http" })`,
  ];
  if (webhook) lines.push("", `Events go to ${webhook.url}, signed with`, `  ${webhookSecret}`);
  lines.push("", "Pay with 4242 4242 4242 4242, any future date, any CVC. Ctrl+C stops.");
  return lines.join("\n");
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
