import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { runFolder } from "../support/database.ts";

const MEGABYTE = 1024 * 1024;
const SIZE = 200 * MEGABYTE;
/** What the app may need more while it streams, garbage included; a file that is held in memory needs twice as much. */
const FLAT = 100 * MEGABYTE;
const API_KEY = "a key of a server that only tests use".replaceAll(" ", "-");
const asServer = { authorization: `Bearer ${API_KEY}` };

let app: TestApp;
let hash: string;
beforeAll(async () => {
  const folder = join(runFolder(), `large-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  hash = writeLargeFile(join(folder, "field-guide.pdf"));
  app = await startApp({ env: { STORAGE_URL: pathToFileURL(folder).href, API_KEYS: API_KEY } });
});
afterAll(() => app?.stop());

/** Every megabyte differs from the others, so that a part from the wrong place is noticed. */
function writeLargeFile(path: string): string {
  const [file, digest] = [openSync(path, "w"), createHash("sha256")];
  for (let block = 0; block < SIZE / MEGABYTE; block++) {
    const bytes = Buffer.alloc(MEGABYTE, `megabyte ${block} `);
    writeSync(file, bytes);
    digest.update(bytes);
  }
  closeSync(file);
  return digest.digest("hex");
}

async function buy(userId: string): Promise<string> {
  const started = await fetch(`${app.url}/api/checkout`, {
    method: "POST",
    headers: { ...asServer, "content-type": "application/json" },
    body: JSON.stringify({ cartId: `cart-of-${userId}`, productKey: "ebook", userId }),
  });
  const { url } = await started.json();
  const sessionId = /cs_test_[A-Za-z0-9]+/.exec(url)?.[0];
  const paid = await fetch(`${app.stripeUrl}/v1/payment_pages/${sessionId}/confirm`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_sandbox" },
    body: new URLSearchParams({ payment_method: "pm_card_visa", email: "asha@example.com" }),
  });
  expect(paid.status).toBe(200);
  await fetch(`${app.stripeUrl}/sandbox/webhooks/idle`, { method: "POST" });
  const answer = await fetch(`${app.url}/api/entitlements?userId=${userId}`, { headers: asServer });
  const { entitlements } = await answer.json();
  return entitlements[0].id;
}

async function linkTo(entitlementId: string): Promise<string> {
  const answer = await fetch(`${app.url}/api/downloads/${entitlementId}`, {
    headers: asServer,
    redirect: "manual",
  });
  return app.url + answer.headers.get("location");
}

async function residentMemory(): Promise<number> {
  const metrics = await (await fetch(`${app.url}/api/metrics`, { headers: asServer })).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]);
}

/** Takes up to `limit` bytes, and looks at the app's memory on the way. */
async function take(link: string, headers: Record<string, string>, limit: number) {
  const answer = await fetch(link, { headers });
  const chunks: Uint8Array[] = [];
  let [taken, most, looked] = [0, 0, 0];
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    taken += chunk.length;
    if (taken - looked >= 20 * MEGABYTE) {
      looked = taken;
      most = Math.max(most, await residentMemory());
    }
    if (taken >= limit) break;
  }
  return { answer, chunks, taken, most };
}

test("a file of 200 MB streams with flat memory and is resumed where it broke off", async () => {
  const link = await linkTo(await buy("buyer-of-much"));
  await take(link, {}, 60 * MEGABYTE);
  const before = await residentMemory();
  const first = await take(link, {}, SIZE / 2);
  expect(first.answer.status).toBe(200);
  expect(first.answer.headers.get("content-length")).toBe(String(SIZE));
  const rest = await take(
    link,
    { range: `bytes=${first.taken}-`, "if-range": first.answer.headers.get("etag") ?? "" },
    SIZE,
  );
  expect(rest.answer.status).toBe(206);
  const digest = createHash("sha256");
  for (const chunk of [...first.chunks, ...rest.chunks]) digest.update(chunk);
  expect(first.taken + rest.taken).toBe(SIZE);
  expect(digest.digest("hex")).toBe(hash);
  expect(Math.max(first.most, rest.most) - before).toBeLessThan(FLAT);
});
