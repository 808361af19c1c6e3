import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { until } from "../../shop/embedded/alive.ts";
import { startApp } from "../../shop/embedded/app.ts";
import { endingOf } from "../../shop/embedded/child.ts";
import { buildWhenNeeded } from "../../shop/embedded/next-build.ts";
import type { NodeChild } from "../../shop/embedded/node-child.ts";
import { ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";
import { migrate } from "../../shop/src/migrate.ts";
import { runCommand } from "../support/command.ts";
import { completed, newPayment, signed, WEBHOOK_SECRET } from "../support/events.ts";
import { startOtherStripe } from "../support/other-stripe.ts";
import { withoutSettings } from "../support/settings.ts";

/**
 * `npm run test:rolling [-- seconds]`: two web processes and a worker behind Caddy with TLS (deploy/Caddyfile, as it is), buyers and
 * deliveries without a pause, and meanwhile each process is stopped and started again, over and over. Once while one web process is
 * away, the other halts for longer than an answer about its health usually takes, as on a machine that has no time for it. No request
 * may fail, and what was acknowledged has to be there. Caddy has to be installed (Debian's package `caddy`); the figures are printed.
 */
const LOAD_SECONDS = Number(process.argv[2] ?? 60);
const CLIENTS = 8;
const API_KEY = "rolling-key-of-at-least-32-characters";
const WORK_LIMIT_MS = 60_000;
/** The proxy asks for health every 500 ms and waits up to three seconds for the answer of a machine that is busy. */
const SEEN_BY_PROXY_MS = 4_000;
const HALT_MS = 5_000;
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

const dir = mkdtempSync(join(tmpdir(), "oncepaid-rolling-"));
await buildWhenNeeded();
const nextPort = freePortsFrom(32_000);
const database = await startPostgres({ dir, nextPort, durable: false });
const stripe = await startOtherStripe();
await migrate(database.url);
const [proxyPort, adminPort, ...webPorts] = [
  await nextPort(),
  await nextPort(),
  await nextPort(),
  await nextPort(),
];
const settings = {
  ...withoutSettings(),
  NODE_ENV: "production",
  APP_URL: `https://localhost:${proxyPort}`,
  HOST: "127.0.0.1",
  DATABASE_URL: database.url,
  DATA_DIR: dir,
  STRIPE_API_BASE: stripe.url,
  STRIPE_SECRET_KEY: "sk_test_rolling",
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  STRIPE_PRICE_EBOOK: "price_ebook",
  AUTH_SECRET: "r7Yq2mX9vB4kT1wZ8cN5hJ3gL6dP0sFa",
  API_KEYS: API_KEY,
  STORAGE_URL: `file://${dir}/files`,
  TRUSTED_PROXIES: "1",
  WORKER: "off",
  DRAIN_SECONDS: "3",
  LOG_LEVEL: "warn",
};
const webs = await Promise.all(webPorts.map(startWeb));
let worker = await startWorker();
const proxy = await startProxy();

const counts = { pages: 0, checkouts: 0, deliveries: 0, failures: 0, restarts: 0, halts: 0 };
const paid: string[] = [];
const failures: string[] = [];
const end = Date.now() + LOAD_SECONDS * 1000;
const load = Promise.all(Array.from({ length: CLIENTS }, (_, client) => shopping(client)));
let inTurn = 0;
while (Date.now() < end) {
  const place = inTurn++ % 3;
  if (place === 2) worker = await restarted(worker);
  else {
    await webs[place]?.stop();
    if (counts.halts === 0) await halted(webs[1 - place]?.pid ?? 0);
    webs[place] = await startWeb(webPorts[place] ?? 0);
    // As whoever restarts a machine after another does: not before the proxy has seen that this one is back.
    await pause(SEEN_BY_PROXY_MS);
  }
  counts.restarts++;
}
await load;

const pool = new pg.Pool({ connectionString: database.url, max: 1 });
const fulfilled = async () =>
  (
    await pool.query<{ count: number }>(
      `select count(*)::int from oncepaid."order" where id = any($1) and status = 'FULFILLED'`,
      [paid],
    )
  ).rows[0]?.count ?? 0;
const waiting = async () =>
  (await pool.query<{ count: number }>("select count(*)::int from oncepaid.outbox")).rows[0]?.count ?? 0;
const granted = await fulfilled();
const isDone = await until(async () => (await waiting()) === 0, WORK_LIMIT_MS);
await pool.end();
for (const web of webs) await web.stop();
worker.send("SIGTERM");
await worker.ended;
proxy.kill("SIGTERM");
await endingOf(proxy);
await stripe.close();
await database.stop();
rmSync(dir, { recursive: true, force: true });
console.log(
  `${LOAD_SECONDS} s, ${counts.restarts} restarts of two web processes and a worker, one halted for ${HALT_MS / 1000} s: ${counts.pages} pages, ${counts.checkouts} ` +
    `checkouts and ${counts.deliveries} deliveries answered, ${counts.failures} failed; of ${paid.length} acknowledged payments ` +
    `${granted} are granted; ${isDone ? "no job waits" : "jobs wait"}.`,
);
for (const failure of failures.slice(0, 10)) console.log(failure);
process.exit(counts.failures === 0 && granted === paid.length && isDone ? 0 : 1);

function startWeb(port: number): Promise<NodeChild> {
  return startApp({
    env: { ...settings, PORT: String(port) },
    onSpawn: () => undefined,
    log: join(dir, `web-${port}.log`),
  });
}

async function startWorker() {
  const command = runCommand("worker", { ...settings, PORT: String(webPorts[0]), LOG_LEVEL: "info" });
  await command.says("The worker is running");
  return command;
}

async function restarted(command: Awaited<ReturnType<typeof startWorker>>) {
  command.send("SIGTERM");
  await command.ended;
  return startWorker();
}

async function halted(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await pause(HALT_MS);
  process.kill(pid, "SIGCONT");
  counts.halts++;
}

async function startProxy() {
  const child = spawn(
    "caddy",
    ["run", "--config", join(ROOT, "deploy", "Caddyfile"), "--adapter", "caddyfile"],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        HOME: dir,
        XDG_DATA_HOME: dir,
        XDG_CONFIG_HOME: dir,
        CADDY_ADMIN: `127.0.0.1:${adminPort}`,
        SHOP_HOST: `https://localhost:${proxyPort}`,
        SHOP_UPSTREAMS: webPorts.map((port) => `127.0.0.1:${port}`).join(" "),
      },
    },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk).slice(-4000);
  });
  const ready = await until(
    async () => (await ask("GET", "/api/health").catch(() => undefined))?.status === 200,
    30_000,
  );
  if (!ready) throw new Error(`Caddy doesn't answer:\n${said}`);
  return child;
}

/** One buyer after another: a page, a checkout, and the delivery of its payment. */
async function shopping(client: number): Promise<void> {
  for (let turn = 0; Date.now() < end; turn++) {
    if ((await answered("GET", "/pricing")) !== undefined) counts.pages++;
    const cart = {
      cartId: `rolling-${client}-${turn}`,
      productKey: "ebook",
      userId: `buyer-${client}-${turn}`,
    };
    const checkout = await answered("POST", "/api/checkout", JSON.stringify(cart), {
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
    });
    if (!checkout) continue;
    counts.checkouts++;
    const { orderId, sessionId } = sessionOf(checkout);
    const { payload, header } = signed(completed(newPayment(orderId, sessionId)));
    const delivered = await answered("POST", "/api/stripe/webhook", payload, {
      "stripe-signature": header,
      "content-type": "application/json",
    });
    if (!delivered) continue;
    counts.deliveries++;
    paid.push(orderId);
  }
}

function sessionOf(body: string): { orderId: string; sessionId: string } {
  const { orderId, url } = JSON.parse(body);
  const session = [...stripe.sessions.values()].find((one) => one.client_reference_id === orderId);
  if (!session)
    throw new Error(`The checkout of ${orderId} answered ${url}, and Stripe knows no session of it.`);
  return { orderId, sessionId: session.id };
}

/** The body of an answer below 400; undefined, and noted, for anything else. */
async function answered(method: string, path: string, body = "", headers: Record<string, string> = {}) {
  try {
    const answer = await ask(method, path, body, headers);
    if (answer.status < 400) return answer.body;
    failures.push(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 200)}`);
  } catch (error) {
    failures.push(`${method} ${path}: ${String(error)}`);
  }
  counts.failures++;
  return undefined;
}

function ask(method: string, path: string, body = "", headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        servername: "localhost",
        port: proxyPort,
        path,
        method,
        agent,
        headers: { host: `localhost:${proxyPort}`, ...headers },
      },
      async (response) => {
        try {
          let text = "";
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode ?? 0, body: text });
        } catch (error) {
          reject(error);
        }
      },
    );
    asked.once("error", reject);
    asked.end(body);
  });
}
