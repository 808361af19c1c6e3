import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CLONE_DATA } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startSandbox } from "../../shop/embedded/sandbox.ts";
import { sandboxAt } from "../support/sandbox.ts";
import { type Bought, buy } from "./buyer.ts";
import { lost } from "./checks.ts";
import { startPair } from "./pair.ts";
import { type Shop, startProgram, startWatcher } from "./shop.ts";
import { makeSlot, settle, sweepOnce } from "./sweeps.ts";

/**
 * `npm run test:standby [-- rounds]`: the primary of two databases is killed while people buy, and the standby takes over; the place of
 * the dead one gets a new standby, and it begins again. The app knows both addresses. Exit code 0 when nothing that was acknowledged is
 * lost and the app found the new primary within 30 seconds each time.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
/** Away from the ports of `npm start` and of the commands that start an app of their own. */
const FIRST_PORT = 44_000;
const BUYERS = 6;
const MOMENT_MS = 1_500;
const FOUND_LIMIT_SECONDS = 30;
const LOOK_MS = 50;

const dir = join(CLONE_DATA, `standby-${process.pid}`);
mkdirSync(dir, { recursive: true, mode: 0o711 });
const nextPort = freePortsFrom(FIRST_PORT);
const pair = await startPair(dir, nextPort);
const stripe = await startSandbox({ dir, nextPort, onSpawn: () => undefined });
const webPort = await nextPort();
const watcher = await startWatcher({ dir, databaseUrl: pair.url, stripeUrl: stripe.url, webPort });
const options = {
  dir,
  databaseUrl: pair.url,
  stripeUrl: stripe.url,
  webhookSecret: watcher.webhookSecret,
  apiKey: randomBytes(32).toString("hex"),
  webPort,
};
const programs = [await startProgram("web", options), await startProgram("worker", options)];
const ended = new Map<string, string>();
let isStopping = false;
for (const [place, { exited }] of programs.entries())
  void exited.then((how) => isStopping || ended.set(place === 0 ? "web" : "worker", how));

const shop: Shop = {
  ...watcher,
  apiKey: options.apiKey,
  webUrl: `http://127.0.0.1:${webPort}/api/oncepaid`,
  sandbox: () => sandboxAt(new URL(stripe.url).origin),
  ended: () => [...ended],
};
const slotId = await makeSlot(shop);
const bought: Bought[] = [];
const problems: string[] = [];
const seconds: number[] = [];
for (let round = 0; round < ROUNDS && problems.length === 0; round++) {
  const found = await failover(round);
  seconds.push(found);
  if (found > FOUND_LIMIT_SECONDS) problems.push(`The app needed ${found.toFixed(1)} s.`);
  await sweepOnce(shop);
  problems.push(...(await lost(shop, bought, { settled: false })));
  console.log(
    `  the primary was killed: sold again after ${found.toFixed(1)} s, ${bought.length} orders so far`,
  );
}
if (problems.length === 0) problems.push(...(await settle(shop, bought)));

isStopping = true;
await Promise.all(programs.map((program) => program.stop()));
await watcher.pool.end();
await watcher.oncepaid.close();
await stripe.stop();
await pair.stop();
if (problems.length === 0) rmSync(dir, { recursive: true, force: true });
else console.log(`  What it left lies in ${dir}`);
for (const problem of problems) console.log(`  LOST ${problem}`);
console.log(
  `\n  ${seconds.length} primaries killed, ${bought.length} orders, sold again after ` +
    `${seconds.map((one) => one.toFixed(1)).join(", ")} s; ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
process.disconnect?.();

/** Answers the seconds from the kill to the first checkout that the app could write again. */
async function failover(round: number): Promise<number> {
  const buying = Promise.allSettled(
    Array.from({ length: BUYERS }, (_, number) => buy(shop, round * BUYERS + number, slotId)),
  );
  await pause(Math.random() * MOMENT_MS);
  await pair.killPrimary();
  const killed = Date.now();
  const dead = await pair.promote();
  const { sold, found } = await firstSale(round, killed);
  await pair.rejoin(dead);
  for (const one of await buying) {
    if (one.status === "fulfilled") bought.push(one.value);
    else problems.push(`${one.reason}: ${one.reason?.cause}`);
  }
  bought.push({ ...sold, did: "left" });
  return found;
}

/** Somebody who asks for a page to pay on, until there is one, and leaves it. */
async function firstSale(round: number, killed: number) {
  for (;;) {
    const response = await fetch(`${shop.webUrl}/checkout`, {
      method: "POST",
      headers: { authorization: `Bearer ${shop.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ cartId: `cart-first-${round}`, userId: `first-${round}`, productKey: "guide" }),
    });
    const json: { orderId?: string; url?: string } = await response.json();
    if (response.status === 200) {
      const found = (Date.now() - killed) / 1000;
      const sessionId = String(json.url).split("/").at(-1)?.split(/[?#]/)[0] ?? "";
      await shop.sandbox().stripe.checkout.sessions.expire(sessionId);
      return { sold: { orderId: String(json.orderId), sessionId }, found };
    }
    await pause(LOOK_MS);
  }
}
