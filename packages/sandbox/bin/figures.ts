import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startSandbox } from "../src/server.ts";

/**
 * What the README says of speed, measured anew: `node packages/sandbox/bin/figures.ts <folder> [orders]` fills the folder
 * with orders (unless it is there already) and prints how long the sandbox takes to start with it and to answer.
 */
const [folder = "", wanted = "10000"] = process.argv.slice(2);
const ORDERS = Number(wanted);
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

if (folder === "") throw new Error("Say which folder to fill and open.");
if (!existsSync(folder)) await fill();
const starts = await times(STARTS, start);
console.log(`start, spawn to ready: ${spread(starts.map(({ wall }) => wall))}`);
console.log(`start, CPU of the process: ${spread(starts.map(({ cpu }) => cpu))}`);
console.log(
  `memory, once it listens: ${spread(
    starts.map(({ memory }) => memory),
    "MB",
  )}`,
);
await answers();

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
  const session = await post(
    `${url}/v1/checkout/sessions`,
    `mode=${plan ? "subscription" : "payment"}&success_url=http://shop.test/&line_items[0][quantity]=1&line_items[0][price_data][currency]=inr&line_items[0][price_data][unit_amount]=49900&line_items[0][price_data][product_data][name]=Handbook${plan ? "&line_items[0][price_data][recurring][interval]=month" : ""}`,
  );
  // Some never pay: their sessions stay open.
  if (number % 50 === 7) return;
  const card = number % 100 === 3 ? "pm_card_createDispute" : "pm_card_visa";
  const paid = `payment_method=${card}&email=buyer${number}@example.com`;
  await post(`${url}/v1/payment_pages/${session.id}/confirm`, paid);
  if (number % 20 !== 1) return;
  const { payment_intent: intent } = await get(`${url}/v1/checkout/sessions/${session.id}`);
  await post(`${url}/v1/refunds`, `payment_intent=${intent}`);
}

async function start(): Promise<{ wall: number; cpu: number; memory: number }> {
  const { child, wall, cpu } = await spawned();
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
  await stopped(child);
  return { wall, cpu, memory: Number(resident) / 1024 };
}

async function answers(): Promise<void> {
  const { child, url } = await spawned();
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

async function spawned(): Promise<{ child: ChildProcess; url: string; wall: number; cpu: number }> {
  const began = performance.now();
  const child = fork(new URL("oncepaid-sandbox.ts", import.meta.url), ["--port", "0", "--data-dir", folder]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(Object(message).url)));
    child.once("exit", (code) => reject(new Error(`The sandbox ended with ${code}.`)));
  });
  const wall = performance.now() - began;
  const [, , ...fields] = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(" ");
  return { child, url, wall, cpu: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
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
