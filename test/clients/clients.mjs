import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
  "better-auth@1.7.6",
  "better-call@1.4.0",
  "stripe@22",
];

const dir = mkdtempSync(join(tmpdir(), "clients-"));
try {
  cpSync(HERE, dir, { recursive: true });
  writeFileSync(join(dir, "package.json"), '{ "private": true, "type": "module" }\n');
  const quiet = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  const installed = spawnSync("npm", ["install", ...quiet, ...PACKAGES], { cwd: dir, encoding: "utf8" });
  if (installed.status !== 0) throw new Error(installed.stderr);
  process.exitCode = await betterAuth();
} finally {
  rmSync(dir, { force: true, recursive: true });
}

/** The app, and a sandbox that tells it what happens. */
async function betterAuth() {
  const port = await freePort();
  const hook = `http://127.0.0.1:${port}/api/auth/stripe/webhook`;
  const sandbox = fork(SANDBOX, ["--port", "0", "--webhook", hook, "--webhook-secret", SECRET]);
  const [{ port: sandboxPort }] = await once(sandbox, "message");
  const env = { ...process.env, APP_PORT: port, SANDBOX_PORT: sandboxPort, WEBHOOK_SECRET: SECRET };
  const client = fork(join(dir, "better-auth.mjs"), { env });
  const [code] = await once(client, "exit");
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
