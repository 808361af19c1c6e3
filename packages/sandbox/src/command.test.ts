import { type ChildProcess, fork, type Serializable, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listening, sdkFor } from "./test-shop.ts";

const COMMAND = new URL("../bin/oncepaid-sandbox.ts", import.meta.url).pathname;
const SESSION: Stripe.Checkout.SessionCreateParams = {
  mode: "payment",
  success_url: "http://shop.test/",
  line_items: [
    { price_data: { currency: "inr", unit_amount: 100, product_data: { name: "x" } }, quantity: 1 },
  ],
} as const;

let dataDir: string;
const children: ChildProcess[] = [];
const servers: Server[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const server of servers.splice(0)) server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Run {
  code: number | null;
  out: string;
  errors: string;
}

function run(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [COMMAND, ...args]);
    children.push(child);
    let [out, errors] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
      // What it says is all that is looked at; then it may go.
      if (out.includes("Ctrl+C")) child.kill("SIGTERM");
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.once("close", (code) => resolve({ code, out, errors }));
  });
}

async function spawned(...args: string[]) {
  const child = fork(COMMAND, ["--port", "0", ...args], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  children.push(child);
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const [message] = await once(child, "message");
  return { child, ready: readyMessage(message), said: () => said };
}

function readyMessage(message: Serializable): { type: unknown; port: number; url: unknown } {
  if (typeof message !== "object" || message === null || !("port" in message))
    throw new Error("no ready message");
  const { type, url } = Object.assign({ type: undefined, url: undefined }, message);
  return { type, port: Number(message.port), url };
}

test("it says where it is, how to point an SDK at it and what its events are signed with", async () => {
  const { code, out } = await run(
    "--port",
    "0",
    "--webhook",
    "http://127.0.0.1:1/hook",
    "--webhook-secret",
    "whsec_mine",
  );
  expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  expect(out).toContain('protocol: "http"');
  expect(out).toContain("whsec_mine");
  expect(code).toBe(0);
});

test("a port that is taken ends it with one sentence", async () => {
  const server = createServer();
  servers.push(server);
  const port = await listening(server);
  const { code, errors } = await run("--port", String(port));
  expect(code).toBe(1);
  expect(errors).toBe(`Port ${port} is already in use: stop what listens there, or choose another --port.\n`);
});

test.each([
  [[]],
  [["--port", "many"]],
  [["--port", "1", "--webhook", "nowhere"]],
  [["--port", "1", "--webhook-secret", "whsec_1"]],
  [["--prot", "1"]],
])("wrong arguments %j end it with one sentence", async (args) => {
  const { code, out, errors } = await run(...args);
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(errors.trim().split("\n")).toHaveLength(1);
});

test("--help explains every option", async () => {
  const { code, out } = await run("--help");
  expect(code).toBe(0);
  const options = [...readFileSync(COMMAND, "utf8").matchAll(/^ {8}"?([a-z-]+)"?: \{ type: /gm)];
  expect(options.map(([, name]) => name)).toContain("seed");
  for (const [, name] of options) expect(out).toMatch(new RegExp(`--${name}\\s`));
});

test("a parent process hears when it is ready, and can stop it by a message", async () => {
  const { child, ready, said } = await spawned();
  expect(ready).toEqual({ type: "ready", port: expect.any(Number), url: `http://127.0.0.1:${ready.port}` });
  child.send({ type: "stop" });
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(said()).toBe("");
});

test("--frozen-clock lets time move by the control API alone", async () => {
  const { ready } = await spawned("--frozen-clock");
  const clock = async (path = "", init: RequestInit = {}) => {
    const response = await fetch(`${ready.url}/sandbox/clock${path}`, init);
    return Number(Object(await response.json()).now);
  };
  const before = await clock();
  // The real time is another second meanwhile.
  await expect.poll(() => Date.now() / 1000, { timeout: 5_000 }).toBeGreaterThan(before + 1);
  expect(await clock()).toBe(before);
  const [method, body] = ["POST", JSON.stringify({ seconds: 7 })];
  expect(await clock("/advance", { method, body })).toBe(before + 7);
});

test("`npm run sandbox` prints where it is and its signing secret, though it has a parent too", async () => {
  const script = join(dataDir, "sandbox.ts");
  writeFileSync(script, `import ${JSON.stringify(COMMAND)};`);
  const args = ["--port", "0", "--webhook", "http://127.0.0.1:1/hook", "--webhook-secret", "whsec_mine"];
  const child = fork(script, args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  children.push(child);
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  const [message] = await once(child, "message");
  while (!said.includes("Ctrl+C")) await once(child.stdout ?? child, "data");
  expect(said).toContain(`Stripe sandbox on http://127.0.0.1:${readyMessage(message).port}`);
  expect(said).toContain("whsec_mine");
  child.send({ type: "stop" });
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("it ends when its parent does", async () => {
  const { child } = await spawned();
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("what was answered survives a killed process: objects, keys, the clock, and deliveries still to be made", async () => {
  const received: string[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push(JSON.parse(body).type);
      response.end();
    });
  });
  servers.push(receiver);
  const port = await listening(receiver);
  await new Promise((resolve) => receiver.close(resolve));
  // Nobody listens now: what happens is recorded and not delivered.
  const args = ["--data-dir", dataDir, "--webhook", `http://127.0.0.1:${port}/hook`];
  const first = await spawned(...args);
  const stripe = sdkFor(first.ready.port);
  const session = await stripe.checkout.sessions.create(SESSION, { idempotencyKey: "once" });
  await stripe.rawRequest("POST", `/v1/payment_pages/${session.id}/confirm`, {
    payment_method: "pm_card_visa",
  });
  await control(first.ready.port, "clock/advance", { seconds: 60 });
  await control(first.ready.port, "webhooks/idle");
  const { now } = await (await fetch(`http://127.0.0.1:${first.ready.port}/sandbox/clock`)).json();
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  receiver.listen(port, "127.0.0.1");
  const second = await spawned(...args);
  const again = sdkFor(second.ready.port);
  expect((await again.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
  expect((await again.checkout.sessions.create(SESSION, { idempotencyKey: "once" })).id).toBe(session.id);
  expect((await again.webhookEndpoints.list()).data).toHaveLength(1);
  const clock = await (await fetch(`http://127.0.0.1:${second.ready.port}/sandbox/clock`)).json();
  expect(clock.now).toBeGreaterThanOrEqual(now);
  expect(received).toEqual([]);
  await control(second.ready.port, "clock/advance", { seconds: 300 });
  await control(second.ready.port, "webhooks/idle");
  expect([...received].sort()).toEqual([
    "charge.succeeded",
    "charge.updated",
    "checkout.session.completed",
    "payment_intent.created",
    "payment_intent.succeeded",
  ]);
});

function control(port: number, path: string, body: object = {}) {
  return fetch(`http://127.0.0.1:${port}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
}
