import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { subscribed } from "#/events/routes.ts";
import { until } from "../../../shop/embedded/alive.ts";
import { endingOf } from "../../../shop/embedded/child.ts";
import { ROOT } from "../../../shop/embedded/places.ts";
import { freePortsFrom } from "../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../shop/embedded/sandbox.ts";
import { createEmptyDatabase, runFolder } from "../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../test/support/sandbox.ts";
import { withoutSettings } from "../../../test/support/settings.ts";

/** `npx oncepaid serve` beside an app: a config in a folder, the sandbox behind it, and whatever else is run in that folder. */

export const API_KEY = "a-key-of-an-app-beside-with-32-characters";

const CONFIG = `import { booking, createOncepaid, download, plan } from "oncepaid";

export const oncepaid = createOncepaid({
  database: process.env.DATABASE_URL,
  stripe: {
    secretKey: process.env.STRIPE_SECRET_KEY,
    webhookSecret: process.env.STRIPE_WEBHOOK_SECRET,
    apiBase: process.env.STRIPE_API_BASE,
    publishableKey: "pk_test_sandbox",
    sandbox: process.env.STRIPE_SANDBOX !== "no",
  },
  appUrl: process.env.APP_URL,
  apiKeys: process.env.API_KEYS?.split(",") ?? [],
  returnTo: ["https://app.example.com"],
  ...(process.env.OUTBOUND_URL && {
    outbound: { url: process.env.OUTBOUND_URL, secret: process.env.OUTBOUND_SECRET ?? "" },
  }),
  products: [
    download({
      key: "ebook",
      name: "Field guide",
      price: { amount: 1900, currency: "usd" },
      files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
    }),
    plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } }),
    booking({ key: "workshop", name: "Workshop", price: { amount: 14900, currency: "usd" } }),
  ],
  identify: () => null,
});
`;

const SAYS_LIMIT_MS = 60_000;

export type Program = {
  output(): string;
  /** Waits until it has written this; throws with its output when it ends before. */
  says(text: string | RegExp): Promise<void>;
  send(signal: NodeJS.Signals): void;
  /** "exit code 0" */
  ended: Promise<string>;
};

export type Beside = {
  /** Where `serve` answers, with the base path. */
  api: string;
  folder: string;
  sandbox: Sandbox;
  env: NodeJS.ProcessEnv;
  server: Program;
  /** `npx oncepaid …` in that folder. */
  oncepaid(args: string[], env?: NodeJS.ProcessEnv): Program;
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
};

export type Answer = { status: number; json: Record<string, unknown>; headers: Headers };

/** Starts all of it; `more` stands in the environment of every program. */
export async function startBeside(more: Record<string, string> = {}): Promise<Beside> {
  const folder = mkdtempSync(join(runFolder(), "beside-"));
  // As in an app: its config finds what is installed.
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "oncepaid.config.ts"), CONFIG);
  mkdirSync(join(folder, "sandbox"));
  const database = await createEmptyDatabase();
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 9_000));
  const local = await startSandbox({
    dir: join(folder, "sandbox"),
    nextPort,
    onSpawn: () => undefined,
  });
  const sandbox = sandboxAt(local.url);
  const port = await nextPort();
  const api = `http://127.0.0.1:${port}/api/oncepaid`;
  const endpoint = await sandbox.stripe.webhookEndpoints.create({
    url: `${api}/stripe/webhook`,
    enabled_events: subscribed(),
  });
  const env = {
    ...withoutSettings(),
    DATABASE_URL: database.url,
    APP_URL: "http://127.0.0.1:3000",
    PORT: String(port),
    STRIPE_SECRET_KEY: "sk_test_sandbox",
    STRIPE_WEBHOOK_SECRET: endpoint.secret ?? "",
    STRIPE_API_BASE: local.url,
    API_KEYS: `app:${API_KEY}`,
    ...more,
  };
  const oncepaid = (args: string[], other: NodeJS.ProcessEnv = {}) =>
    start([join(ROOT, "packages", "oncepaid", "src", "cli", "main.ts"), ...args], folder, {
      ...env,
      ...other,
    });
  for (const command of ["migrate", "push"]) {
    const done = oncepaid([command]);
    if ((await done.ended) !== "exit code 0") throw new Error(done.output());
  }
  const server = oncepaid(["serve"]);
  await server.says("Answering on");
  return {
    api,
    folder,
    sandbox,
    env,
    server,
    oncepaid,
    ask: (method, path, body, headers = { authorization: `Bearer ${API_KEY}` }) =>
      ask(method, api + path, body, headers),
    close: async () => {
      server.send("SIGTERM");
      await server.ended;
      await local.stop();
      await database.drop();
    },
  };
}

async function ask(
  method: string,
  url: string,
  body: object | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: Object(await response.json()), headers: response.headers };
}

/** Runs a program of Node's; what it writes to either stream is kept. */
function start(args: string[], cwd: string, env: NodeJS.ProcessEnv): Program {
  return watched(spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] }));
}

/** A child whose words can be waited for. */
export function watched(child: ChildProcess): Program {
  let output = "";
  let ending: string | undefined;
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk));
  // What it wrote last comes after it is gone.
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ended = endingOf(child).then(async (how) => {
    await closed;
    ending = how;
    return how;
  });
  const has = (text: string | RegExp) =>
    typeof text === "string" ? output.includes(text) : text.test(output);
  return {
    output: () => output,
    says: async (text) => {
      await until(() => has(text) || ending !== undefined, SAYS_LIMIT_MS);
      if (!has(text)) throw new Error(`It did not say "${text}" (${ending}):\n${output}`);
    },
    send: (signal) => void child.kill(signal),
    ended,
  };
}
