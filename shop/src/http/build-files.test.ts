import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeAll, listenOn } from "oncepaid/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFiles } from "#/http/build-files.ts";
import { precompress } from "../../embedded/precompress.ts";

const folder = mkdtempSync(join(tmpdir(), "oncepaid-files-"));
const script = `${"export const price = 19;\n".repeat(200)}`;
writeFileSync(join(folder, "one.js"), script);
writeFileSync(join(folder, "one.woff2"), "a font");
const server = createServer(buildFiles(folder));
let listeners: Awaited<ReturnType<typeof listenOn>>;
let url = "";

beforeAll(async () => {
  await precompress(folder);
  listeners = await listenOn(server, 0, ["127.0.0.1"]);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  url = `http://127.0.0.1:${address.port}/_next/static`;
});
afterAll(async () => {
  await closeAll(server, listeners, 0);
  rmSync(folder, { recursive: true });
});

const get = (path: string, encodings: string) =>
  fetch(`${url}/${path}`, { headers: { "accept-encoding": encodings } });

test("a script comes as Brotli to who reads it, and as it is to who doesn't", async () => {
  const small = await get("one.js", "gzip, deflate, br");
  expect(small.headers.get("content-encoding")).toBe("br");
  expect(Number(small.headers.get("content-length"))).toBeLessThan(script.length / 10);
  expect(await small.text()).toBe(script);
  const plain = await get("one.js", "identity");
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(await plain.text()).toBe(script);
  for (const answer of [small, plain]) {
    expect(answer.headers.get("content-type")).toMatch(/^text\/javascript/);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  }
});

test("a font has its type and comes as it is", async () => {
  const font = await get("one.woff2", "gzip, br");
  expect(font.headers.get("content-type")).toBe("font/woff2");
  expect(await font.text()).toBe("a font");
});

test("what isn't in the build isn't kept as missing, and nothing beside it is read", async () => {
  for (const path of ["two.js", "..%2f..%2fpackage.json", "%2e%2e/server.js"]) {
    const answer = await get(path, "br");
    expect(answer.status, path).toBe(404);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
});
