import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../src/server.ts";

/**
 * What the README says of speed, measured anew: `node packages/sandbox/bin/figures.ts [orders] [folder]` fills the folder
 * with orders (unless it is there already) and prints how long the sandbox takes to start, with it and without, and to answer. Without a
 * folder it uses one that is gone afterwards. What is installed is measured beside the sources where `npm run build` has made it.
 */
const [wanted = "10000", kept] = process.argv.slice(2);
const ORDERS = Number(wanted);
if (!Number.isInteger(ORDERS) || ORDERS < 1) {
  throw new Error(`Say how many orders, and then which folder, not "${wanted}".`);
}
const passing = kept === undefined ? mkdtempSync(join(tmpdir(), "oncepaid-sandbox-figures-")) : undefined;
const folder = kept ?? join(String(passing), "data");
const SOURCES = fileURLToPath(new URL("oncepaid-sandbox.ts", import.meta.url));
const BUILT = fileURLToPath(new URL("../dist/bin/oncepaid-sandbox.js", import.meta.url));
const PROGRAMS = { ...(existsSync(BUILT) && { installed: BUILT }), "from the sources": SOURCES };
const SESSIONS = 2_000;
const AT_ONCE = 16;
const FAST_ROUNDS = 5;
const BUYERS = 8;
const STARTS = 7;
const ROUNDS = 21;
const ONE_THAT_ONLY_PAYS = 2;
/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

const KEY = { Authorization: "Bearer sk_test_figures" };

const LISTS = [
  "checkout/sessions",
  "checkout/sessions?status=complete",
  "checkout/sessions?status=open",
  "checkout/sessions?created[gte]={middle}&created[lt]={newest}",
  "events",
  "events?created[gt]={middle}",
  "events?created[gt]={newest}",
  "events?types[0]=charge.refunded&types[1]=checkout.session.completed",
  "events?type=charge.*",
  "events?delivery_success=false",
  "events?delivery_success=true",
  "subscriptions?status=all&created[gte]={middle}",
  "refunds?created[gte]={middle}",
  "disputes?created[gte]={middle}",
  "charges?created[gte]={middle}",
];

if (!existsSync(folder)) await fill();
for (const [name, program] of Object.entries(PROGRAMS)) {
  await startsOf(`${name}, ${ORDERS} orders`, program, ["--data-dir", folder]);
  await startsOf(`${name}, in memory`, program, []);
}
const [program = SOURCES] = Object.values(PROGRAMS);
await sessions(program);
await answers(program);
if (passing) rmSync(passing, { recursive: true });

async function startsOf(what: string, program: string, options: readonly string[]): Promise<void> {
  const starts = await times(STARTS, () => start(program, options));
  console.log(`start, spawn to ready (${what}): ${spread(starts.map(({ wall }) => wall))}`);
  console.log(`start, CPU of the process (${what}): ${spread(starts.map(({ cpu }) => cpu))}`);
  const memory = starts.map((one) => one.memory);
  console.log(`memory, once it listens (${what}): ${spread(memory, "MB")}`);
}

/** In memory, by connections that stay open: what making the load costs is as little as can be. */
async function sessions(program: string): Promise<void> {
  const { child, url } = await spawned(program, []);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const rates = await times(FAST_ROUNDS, async () => {
    const [began, cpu] = [performance.now(), cpuOf(child)];
    let left = SESSIONS;
    const buyer = async () => {
      while (left-- > 0) await opened(url, agent);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, buyer));
    return {
      rate: (SESSIONS * 1000) / (performance.now() - began),
      cpu: (cpuOf(child) - cpu) / SESSIONS,
    };
  });
  console.log(
    `${SESSIONS} sessions made, ${AT_ONCE} at a time: ${spread(
      rates.map(({ rate }) => rate),
      "a second",
    )}`,
  );
  console.log(`CPU of the process for each: ${spread(rates.map(({ cpu }) => cpu))}`);
  agent.destroy();
  await stopped(child);
}

function opened(url: string, agent: Agent): Promise<void> {
  const headers = { ...KEY, "Content-Type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const asked = send(`${url}/v1/checkout/sessions`, { agent, headers, method: "POST" }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`A session was answered ${answer.statusCode}.`));
      answer.resume().once("end", resolve);
    });
    asked.once("error", reject).end(sessionOf(false));
  });
}

async function fill(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const receiver = createServer((request, response) => request.resume().on("end", () => response.end()));
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const sandbox = await startSandbox({
    port: 0,
    dataDir: folder,
    webhook: { url: urlOf(receiver.address()) },
  });
  const began = performance.now();
  let left = ORDERS;
  const buyer = async () => {
    while (left-- > 0) await buy(sandbox.url, left);
  };
  await Promise.all(Array.from({ length: BUYERS }, buyer));
  const seconds = (performance.now() - began) / 1000;
  console.log(`${ORDERS} purchases: ${Math.round(ORDERS / seconds)} a second`);
  const waiting = performance.now();
  while (Object(await post(`${sandbox.url}/sandbox/webhooks/idle`, "{}")).idle !== true) {}
  console.log(`their events, after that: ${((performance.now() - waiting) / 1000).toFixed(1)} s`);
  await sandbox.close();
  receiver.close();
}

async function buy(url: string, number: number): Promise<void> {
  const plan = number % 10 === 0;
  const session = await post(`${url}/v1/checkout/sessions`, sessionOf(plan));
  // Some never pay: their sessions stay open.
  if (number % 50 === 7) return;
  const card = number % 100 === 3 ? "pm_card_createDispute" : "pm_card_visa";
  const paid = `payment_method=${card}&email=buyer${number}@example.com`;
  await post(`${url}/v1/payment_pages/${session.id}/confirm`, paid);
  if (number % 20 !== 1) return;
  const { payment_intent: intent } = await get(`${url}/v1/checkout/sessions/${session.id}`);
  await post(`${url}/v1/refunds`, `payment_intent=${intent}`);
}

function sessionOf(plan: boolean): string {
  return `mode=${plan ? "subscription" : "payment"}&success_url=http://shop.test/&line_items[0][quantity]=1&line_items[0][price_data][currency]=inr&line_items[0][price_data][unit_amount]=49900&line_items[0][price_data][product_data][name]=Handbook${plan ? "&line_items[0][price_data][recurring][interval]=month" : ""}`;
}

async function start(program: string, options: readonly string[]) {
  const { child, wall, cpu } = await spawned(program, options);
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
  await stopped(child);
  return { wall, cpu, memory: Number(resident) / 1024 };
}

async function answers(program: string): Promise<void> {
  const { child, url } = await spawned(program, ["--data-dir", folder]);
  const newest = (await get(`${url}/v1/events?limit=1`)).data[0].created;
  const oldest = Number((await get(`${url}/v1/products?limit=1`)).data[0]?.created ?? newest - 60);
  const middle = Math.round((newest + oldest) / 2) - 20;
  for (const list of LISTS) {
    const path = list.replaceAll("{middle}", String(middle)).replaceAll("{newest}", String(newest));
    const address = `${url}/v1/${path}${path.includes("?") ? "&" : "?"}limit=100`;
    let found = 0;
    const took = await times(ROUNDS, async () => {
      const began = performance.now();
      found = (await get(address)).data.length;
      return performance.now() - began;
    });
    console.log(`${list} (${found}): ${spread(took)}`);
  }
  const bought = await times(ROUNDS, async () => {
    const began = performance.now();
    await buy(url, ONE_THAT_ONLY_PAYS);
    return performance.now() - began;
  });
  console.log(`session made and paid: ${spread(bought)}`);
  await stopped(child);
}

async function spawned(
  program: string,
  options: readonly string[],
): Promise<{ child: ChildProcess; url: string; wall: number; cpu: number }> {
  const began = performance.now();
  const child = fork(program, ["--port", "0", ...options]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(Object(message).url)));
    child.once("exit", (code) => reject(new Error(`The sandbox ended with ${code}.`)));
  });
  const wall = performance.now() - began;
  return { child, url, wall, cpu: cpuOf(child) };
}

function cpuOf({ pid }: ChildProcess): number {
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.send({ type: "stop" });
  });
}

async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let done = 0; done < count; done++) results.push(await work());
  return results;
}

function spread(values: readonly number[], unit = "ms"): string {
  const sorted = values.toSorted((one, other) => one - other);
  const [least, middle, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${least?.toFixed(1)} to ${most?.toFixed(1)} ${unit}, half under ${middle?.toFixed(1)} ${unit}`;
}

async function get(url: string) {
  return (await fetch(url, { headers: KEY })).json();
}

async function post(url: string, body: string) {
  return (await fetch(url, { method: "POST", headers: KEY, body })).json();
}

function urlOf(address: AddressInfo | string | null): string {
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
}
