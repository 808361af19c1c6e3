import { fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";

/**
 * `node test/clients/clients.mjs`: what others have written for Stripe, as npm has it, runs against the sandbox. Its packages are installed
 * into a folder that goes away again. Prints each step and how many passed; exit code 0 when all did.
 */
const HERE = import.meta.dirname;
const SANDBOX = join(HERE, "..", "..", "packages", "sandbox", "bin", "oncepaid-sandbox.ts");
const SECRET = "whsec_clients";
const PACKAGES = [
  "@better-auth/core@1.7.6",
  "@better-auth/stripe@1.7.6",
  "@supabase/stripe-sync-engine@0.48.5",
  "better-auth@1.7.6",
  "better-call@1.4.0",
  "dotenv@17.2.4",
  "express@4.22.1",
  "pg@8.23.1",
  "stripe@22",
];
const FIRST_PORT = 41_000;

/** Of stripe-samples, those whose specs are walked here, each in a file of its name. */
const SAMPLES = ["checkout-one-time-payments", "checkout-single-subscription"];

/**
 * `… clients.mjs stripe-sync` runs that one alone, `… clients.mjs stripe-samples <clone> …` the samples that are cloned there (SAMPLES), and
 * `… clients.mjs stripe-python` the one that needs Python and its package `stripe`, such as Debian's python3-stripe.
 */
const [only, ...clones] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), "clients-"));
try {
  cpSync(HERE, dir, { recursive: true });
  writeFileSync(join(dir, "package.json"), '{ "private": true, "type": "module" }\n');
  const quiet = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  const installed = spawnSync("npm", ["install", ...quiet, ...PACKAGES], { cwd: dir, encoding: "utf8" });
  if (installed.status !== 0) throw new Error(installed.stderr);
  const codes = [];
  if (only === "stripe-samples" && clones.length === 0)
    throw new Error("Say where the clones of stripe-samples are.");
  if (only === "stripe-python") codes.push(await client("stripe-python.py", "/webhook"));
  if (only === "stripe-samples") for (const clone of clones) codes.push(await stripeSample(clone));
  if (only === undefined || only === "better-auth")
    codes.push(await client("better-auth.mjs", "/api/auth/stripe/webhook"));
  if (only === undefined || only === "stripe-sync") codes.push(await stripeSync());
  process.exitCode = Math.max(...codes);
} finally {
  rmSync(dir, { force: true, recursive: true });
}

/** Its Node server, from a copy: it wants a file `.env` beside itself. `BROWSER`: what buys from it. */
async function stripeSample(clone) {
  const server = readFileSync(join(clone, "server", "node", "server.js"), "utf8");
  const name = SAMPLES.find((sample) => server.includes(`"stripe-samples/${sample}"`));
  if (!name) throw new Error(`${clone} is no clone of ${SAMPLES.join(" or ")}.`);
  const SAMPLE = join(dir, "samples", name);
  for (const part of ["client", join("server", "node")])
    cpSync(join(clone, part), join(SAMPLE, part), { recursive: true });
  writeFileSync(join(SAMPLE, "server", "node", ".env"), "");
  const BROWSER = join(HERE, "..", "support", "browser.ts");
  return client(`${name}.mjs`, "/webhook", { BROWSER, SAMPLE });
}

/** A database whose superuser is called `postgres`, which a function of the engine's shall belong to. */
async function stripeSync() {
  const files = mkdtempSync(join(tmpdir(), "clients-postgres-"));
  const postgres = await startPostgres({ dir: files, durable: false, nextPort: freePortsFrom(FIRST_PORT) });
  const password = readFileSync(join(files, "postgres-password"), "utf8").trim();
  const DATABASE_URL = `postgres://postgres:${password}@127.0.0.1:${postgres.port}/postgres`;
  try {
    return await client("stripe-sync.mjs", "/webhook", { DATABASE_URL });
  } finally {
    await postgres.stop();
    rmSync(files, { force: true, recursive: true });
  }
}

/** The client, and a sandbox that tells it what happens. */
async function client(file, path, more = {}) {
  const port = await freePort();
  const hook = `http://127.0.0.1:${port}${path}`;
  const sandbox = fork(SANDBOX, ["--port", "0", "--webhook", hook, "--webhook-secret", SECRET]);
  const [{ port: sandboxPort }] = await once(sandbox, "message");
  const env = {
    ...process.env,
    ...more,
    APP_PORT: port,
    SANDBOX_PORT: sandboxPort,
    WEBHOOK_SECRET: SECRET,
  };
  const child = file.endsWith(".py")
    ? spawn(process.env.PYTHON ?? "python3", [join(dir, file)], { env, stdio: "inherit" })
    : fork(join(dir, file), { env });
  const [code] = await once(child, "exit");
  sandbox.send({ type: "stop" });
  await once(sandbox, "exit");
  return code ?? 1;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
