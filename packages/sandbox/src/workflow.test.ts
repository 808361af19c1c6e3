import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { listening } from "./test-shop.ts";

const PACKAGE = join(import.meta.dirname, "..");
const FILE = join(PACKAGE, "docs", "github-workflow.yml");

interface Step {
  uses?: string;
  run?: string;
  name?: string;
  if?: string;
}
interface Job {
  "runs-on": string;
  "timeout-minutes": number;
  env: Record<string, string>;
  steps: Step[];
}
const workflow: { permissions: object; jobs: { test: Job } } = parse(readFileSync(FILE, "utf8"));

/** Somebody's project: its test buys something and waits for the webhook. */
const BUYS = `
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
const { STRIPE_API_BASE: base, STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret } = process.env;
const told = Promise.withResolvers();
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  response.end();
  const { t, v1 } = Object.fromEntries(request.headers["stripe-signature"].split(",").map((part) => part.split("=")));
  if (createHmac("sha256", secret).update(t + "." + body).digest("hex") !== v1) process.exit(2);
  if (JSON.parse(body).type === "checkout.session.completed") told.resolve();
}).listen(PORT, "127.0.0.1");
const post = async (path, body) =>
  (await fetch(base + path, { method: "POST", headers: { authorization: "Bearer " + key }, body: new URLSearchParams(body) })).json();
const session = await post("/v1/checkout/sessions", {
  mode: "payment", success_url: "http://shop.test/", "line_items[0][quantity]": "1", "line_items[0][price_data][currency]": "usd",
  "line_items[0][price_data][unit_amount]": "4900", "line_items[0][price_data][product_data][name]": "Workshop",
});
const paid = await post("/v1/payment_pages/" + session.id + "/confirm", { payment_method: "pm_card_visa", email: "a@example.com" });
await told.promise;
console.log("bought:", paid.payment_status);
server.close();
`;

let root: string;
let ports: { sandbox: number; app: number };
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "workflow-"));
  ports = { app: await freePort(), sandbox: await freePort() };
  const project = { name: "somebodys", version: "1.0.0", scripts: { test: "node buy.mjs" } };
  writeFileSync(join(root, "package.json"), JSON.stringify(project));
  spawnSync("npm", ["install", "--package-lock-only", "--offline"], { cwd: root });
  writeFileSync(join(root, "buy.mjs"), BUYS.replace("PORT", String(ports.app)));
  // An npx that runs this package, and the Node.js of these tests before any other.
  const tools = join(root, ".tools");
  mkdirSync(tools);
  const command = join(PACKAGE, "bin", "oncepaid-sandbox.ts");
  writeFileSync(join(tools, "npx"), `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${command}" "$@"\n`);
  writeFileSync(join(tools, "node"), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
  for (const name of ["npx", "node"]) chmodSync(join(tools, name), 0o755);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("the workflow has what GitHub requires, reads and no more, and runs the version of this package", () => {
  expect(Object.keys(workflow)).toEqual(["name", "on", "permissions", "jobs"]);
  expect(workflow.permissions).toEqual({ contents: "read" });
  const { test: job } = workflow.jobs;
  expect(job["runs-on"]).toMatch(/^ubuntu-\d/);
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
  for (const { uses, run } of job.steps) {
    expect([uses, run].filter(Boolean)).toHaveLength(1);
    if (uses) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
  }
  const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  expect(job.steps.map(({ run }) => run).join("\n")).toContain(`oncepaid-sandbox@${version} `);
});

test("its steps run: the sandbox is there for the tests, and its webhook reaches them, signed", async () => {
  const { env, steps } = workflow.jobs.test;
  const scripts = steps.filter((step) => !step.if).flatMap(({ run }) => run ?? []);
  const adapted = (text: string) =>
    text.replaceAll("12111", String(ports.sandbox)).replaceAll("3000", String(ports.app));
  const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, adapted(value)]));
  const { INIT_CWD: _, ...inherited } = process.env;
  // A group of its own, because what the first step starts goes on after it, as on GitHub's machines.
  const child = spawn("bash", ["-e", "-c", scripts.map((script) => adapted(script)).join("\n")], {
    cwd: root,
    detached: true,
    env: { ...inherited, ...own, PATH: `${join(root, ".tools")}${delimiter}${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const [code] = await once(child, "exit");
  process.kill(-Number(child.pid), "SIGTERM");
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("bought: paid") });
}, 60_000);

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
