import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterEach, expect, test } from "vitest";
import { toNodeListener } from "#/node.ts";
import { engineIn } from "#/oncepaid.ts";
import type { Finding } from "#/operations/doctor/finding.ts";
import { checkProxies } from "#/operations/doctor/proxies.ts";
import { ENGINE_WORDS } from "#/operations/words.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

/** Browsers and proxies on addresses of their own of this machine, in a row before the app. */
const [ADA, BOB, OUTER, INNER] = ["127.0.0.11", "127.0.0.12", "127.0.0.21", "127.0.0.22"];
const FORGED = { "x-forwarded-for": "203.0.113.9" };

const engines: TestEngine[] = [];
const servers: Server[] = [];
const warnings: string[] = [];
afterEach(async () => {
  warnings.length = 0;
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

test.each([
  ["no proxy, none trusted", [], 0, 200],
  ["no proxy, one trusted that isn't there", [], ["127.0.0.22"], 200],
  ["one proxy, none trusted: all are the proxy", [INNER], 0, 429],
  ["one proxy, one trusted", [INNER], 1, 200],
  ["one proxy, trusted by its address", [INNER], [INNER], 200],
  ["two proxies, one trusted: all are the outer one", [OUTER, INNER], 1, 429],
  ["two proxies, two trusted", [OUTER, INNER], 2, 200],
  ["two proxies, trusted by their addresses", [OUTER, INNER], [OUTER, INNER], 200],
])("one checkout a minute behind %s", async (_, proxies, trustedProxies, another) => {
  const way = await openWay(proxies, trustedProxies);
  expect(await checkout(way, ADA)).toBe(200);
  expect(await checkout(way, ADA)).toBe(429);
  expect(await checkout(way, ADA, FORGED)).toBe(429);
  expect(await checkout(way, BOB)).toBe(another);
  expect(warnings).toEqual([]);
});

test.each([
  ["no proxy, one trusted by number", [], 1],
  ["one proxy, two trusted by number", [INNER], 2],
])(
  "with more proxies trusted than there are a forged address is believed, and log and doctor warn of it: %s",
  async (_, proxies, trusted) => {
    const way = await openWay(proxies, trusted);
    expect(await checkout(way, ADA, FORGED)).toBe(200);
    // A list that somebody forged looks like one that the proxies have written.
    expect(warnings).toEqual([]);
    expect(await examined()).toMatchObject({ level: "ok" });
    expect(await checkout(way, ADA, { "x-forwarded-for": "203.0.113.10" })).toBe(200);
    expect(await checkout(way, BOB)).toBe(200);
    expect(await checkout(way, BOB)).toBe(429);
    expect(warnings).toEqual([expect.stringContaining("fewer proxies than are trusted")]);
    await expect.poll(examined, PATIENT).toMatchObject({
      level: "warn",
      what: expect.stringContaining(`fewer proxies than the ${trusted} that are trusted`),
      todo: expect.stringContaining("the option `trustedProxies`"),
    });
    await query("update oncepaid.last_report set result = jsonb_set(result, '{trusted}', '3')");
    expect(await examined()).toMatchObject({ level: "ok" });
    await query(
      `update oncepaid.last_report set result = '{"trusted": ${trusted}}', at = now() - interval '8 days'`,
    );
    expect(await examined()).toMatchObject({ level: "ok" });
    // It is said again while it goes on: an app may run for longer than the doctor looks back.
    aDayLater();
    expect(await checkout(way, ADA)).toBe(200);
    await expect.poll(examined, PATIENT).toMatchObject({ level: "warn" });
  },
);

/** What is kept for the doctor is not waited for by the answer. */
const PATIENT = { timeout: 10_000 };

function aDayLater(): void {
  for (const { oncepaid } of engines) {
    const { shared } = engineIn(oncepaid);
    if (shared.saidOfProxiesAt !== undefined) shared.saidOfProxiesAt -= 24 * 60 * 60 * 1000;
  }
}

/** What the doctor says of the proxies of the engine that was started. */
async function examined(): Promise<Finding | undefined> {
  const [engine] = engines;
  return engine && (await checkProxies(engineIn(engine.oncepaid), ENGINE_WORDS))[0];
}

async function query(text: string): Promise<void> {
  const [engine] = engines;
  if (engine) await engineIn(engine.oncepaid).database.query(text);
}

/** The port where a browser knocks: the outermost proxy's, or the app's. */
async function openWay(proxies: readonly string[], trustedProxies: number | string[]): Promise<number> {
  const log = {
    info: () => {},
    warn: (_: unknown, said?: string) => void warnings.push(said ?? ""),
    error: () => {},
  };
  const engine = await startEngine({ trustedProxies, secret: "a-secret-for-tests-of-32-characters", log });
  engines.push(engine);
  engineIn(engine.oncepaid).shared.limiters.set(
    "checkouts",
    new RateLimiterMemory({ points: 1, duration: 60 }),
  );
  let port = await listen(createServer(toNodeListener(engine.oncepaid)));
  for (const address of proxies.toReversed()) port = await listen(proxyTo(port, address));
  return port;
}

/** As proxies do: it adds whom it was asked by. */
function proxyTo(port: number, localAddress: string): Server {
  return createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const said = [incoming.headers["x-forwarded-for"], incoming.socket.remoteAddress].filter(Boolean);
    const headers = { ...incoming.headers, "x-forwarded-for": said.join(", ") };
    const { method, url: path } = incoming;
    const onward = request({ host: "127.0.0.1", port, localAddress, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
}

function checkout(port: number, localAddress: string, more: Record<string, string> = {}): Promise<number> {
  const headers = { "content-type": "application/json", origin: "http://localhost:3000", ...more };
  const path = "/api/oncepaid/checkout";
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, localAddress, method: "POST", path, headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.once("error", reject);
    asked.end(JSON.stringify({ cartId: crypto.randomUUID(), productKey: "ebook" }));
  });
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
