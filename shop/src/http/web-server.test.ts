import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { closeAll, listenOn } from "oncepaid/node";
import { afterEach, expect, test } from "vitest";
import { hostsFor, webServer } from "#/http/web-server.ts";

let isStopping = false;
const open: { server: Server; listeners: Awaited<ReturnType<typeof listenOn>> }[] = [];
afterEach(async () => {
  isStopping = false;
  for (const { server, listeners } of open.splice(0)) await closeAll(server, listeners, 0);
});

async function serve(
  trustedProxies: number | string[] = 0,
  development = false,
  appUrl = "https://shop.example.com",
) {
  const server = webServer({
    isStopping: () => isStopping,
    appUrl,
    development,
    trustedProxies,
    api: (request, response) => void response.end(`api ${request.url}`),
    buildFiles: (request, response) => void response.end(`file ${request.url}`),
    pages: (request, response) => void response.end(`page ${request.headers["x-forwarded-for"]}`),
  });
  const listeners = await listenOn(server, 0, ["127.0.0.1"]);
  open.push({ server, listeners });
  return { server, listeners, port: portOf(server.address()) };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** Writes exactly these lines, as no client library would, and leaves the connection open. */
function write(
  port: number,
  lines: string[],
): { socket: Socket; answered: Promise<string>; closed: Promise<unknown> } {
  const socket = connect(port, "127.0.0.1");
  let said = "";
  const answered = new Promise<string>((resolve) => {
    socket.on("data", (bytes) => {
      said += bytes;
      if (said.includes("\r\n\r\n")) resolve(said);
    });
  });
  const closed = once(socket, "close");
  socket.write(`${[...lines, "host: shop.example.com"].join("\r\n")}\r\n\r\n`);
  return { socket, answered, closed };
}

const asked = async (port: number, target: string, ...headers: string[]) => {
  const { socket, answered } = write(port, [`GET ${target} HTTP/1.1`, "connection: close", ...headers]);
  const said = await answered;
  socket.destroy();
  return { status: Number(said.split(" ")[1]), body: said.split("\r\n").slice(-3).join("\n") };
};

test("two hundred wishes to change the protocol are answered and closed, and hold up no stop", async () => {
  const { server, listeners, port } = await serve();
  const upgrade = (path: string) => [`GET ${path} HTTP/1.1`, "connection: Upgrade", "upgrade: websocket"];
  const wishes = Array.from({ length: 200 }, (_, number) =>
    write(port, upgrade(["/zzz", "/api/health", "/_next/hmr", "*"][number % 4] ?? "/")),
  );
  for (const { answered, closed } of wishes) {
    expect(await answered).toMatch(/^HTTP\/1\.1 (200|400)/);
    await closed;
  }
  const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  expect(connections).toBe(0);
  await closeAll(server, listeners, 60_000);
});

test("`npm run dev` tells pages about changes, and nothing else changes the protocol there", async () => {
  const { server, port } = await serve(0, true);
  const paths: (string | undefined)[] = [];
  server.on("upgrade", ({ url }, socket) => {
    paths.push(url);
    socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  });
  for (const path of ["/_next/hmr?id=1", "/zzz", "/_next/other"]) {
    const wish = write(port, [`GET ${path} HTTP/1.1`, "connection: Upgrade", "upgrade: websocket"]);
    await wish.answered;
    await wish.closed;
  }
  expect(paths).toEqual(["/_next/hmr?id=1"]);
});

test.each([
  "/./api/orders",
  "/x/../api/orders",
  "/%2e/api/orders",
  "/_next/../api/orders",
  "/x/%2e%2E/api/orders",
  "http://elsewhere.example/api/orders",
])("%s is a path of the API, and is answered there", async (target) => {
  const { port } = await serve();
  expect((await asked(port, `${target}?a=1`)).body).toContain("api /api/orders?a=1");
});

test.each(["*", "/%ff", "ftp://x/api/orders", "x"])("%s is no address to ask for", async (target) => {
  const { port } = await serve();
  expect((await asked(port, target)).status).toBe(400);
});

test("what Next can't read of a page's state is the sender's mistake", async () => {
  const { port } = await serve();
  for (const state of ["x", "%7B", "%5B1%5D", "[".repeat(5_000)]) {
    expect((await asked(port, "/", "rsc: 1", `next-router-state-tree: ${state}`)).status).toBe(400);
  }
  const tree = encodeURIComponent(JSON.stringify(["", { children: ["__PAGE__", {}] }]));
  expect((await asked(port, "/", "rsc: 1", `next-router-state-tree: ${tree}`)).status).toBe(200);
});

test("every answer, the API's too, is of the type it says, in no frame, and over https for good", async () => {
  const { port } = await serve();
  for (const target of ["/", "/api/orders", "*"]) {
    const { socket, answered } = write(port, [`GET ${target} HTTP/1.1`, "connection: close"]);
    const said = (await answered).toLowerCase();
    socket.destroy();
    expect(said).toContain("x-content-type-options: nosniff");
    expect(said).toContain("x-frame-options: deny");
    expect(said).toMatch(/strict-transport-security: max-age=\d{8}/);
  }
  const local = await serve(0, false, "http://localhost:3000");
  const answer = await fetch(`http://127.0.0.1:${local.port}/api/orders`);
  expect(answer.headers.get("x-frame-options")).toBe("DENY");
  expect(answer.headers.get("strict-transport-security")).toBeNull();
});

test("a page, and whatever of the API lies behind the pages, is told the address this server knows", async () => {
  const forged = "x-forwarded-for: 6.6.6.6";
  const direct = await serve();
  for (const target of ["/", "/%61pi/orders", "//api/orders", "/x/..%2fapi/orders"]) {
    expect((await asked(direct.port, target, forged)).body).toContain("page 127.0.0.1");
  }
  const behind = await serve(["127.0.0.0/8"]);
  expect((await asked(behind.port, "/", `${forged}, 203.0.113.9`)).body).toContain("page 203.0.113.9");
});

test("it listens on this machine alone where APP_URL is of it, everywhere else, or where HOST says", () => {
  expect(hostsFor("http://localhost:3000", undefined)).toEqual(["127.0.0.1", "::1"]);
  expect(hostsFor("https://shop.example.com", undefined)).toEqual([undefined]);
  expect(hostsFor("http://localhost:3000", "0.0.0.0")).toEqual(["0.0.0.0"]);
});

test("a server on several addresses answers, counts and stops on all of them", async () => {
  const { server } = await serve();
  await new Promise((resolve) => server.close(resolve));
  const listeners = await listenOn(server, 0, ["127.0.0.1"]);
  const port = portOf(server.address());
  const second = await listenOn(server, port, ["127.0.0.1"]).catch(() => undefined);
  expect(second).toBeUndefined();
  await closeAll(server, listeners, 0);
  const both = await listenOn(server, port, ["127.0.0.1", "127.0.0.2"]);
  for (const host of ["127.0.0.1", "127.0.0.2"]) {
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe(`page 127.0.0.1`);
  }
  await closeAll(server, both, 60_000);
  await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow();
});

test("one that is to stop says so by its health, goes on answering, and keeps no connection", async () => {
  const { port } = await serve();
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, connection: answer.headers.get("connection"), body: await answer.text() };
  };
  expect(await ask("/api/health")).toEqual({
    status: 200,
    connection: "keep-alive",
    body: "api /api/health",
  });
  isStopping = true;
  expect(await ask("/api/health")).toEqual({
    status: 503,
    connection: "close",
    body: '{"status":"stopping"}',
  });
  expect(await ask("/api/checkout")).toMatchObject({ status: 200, connection: "close" });
  expect(await ask("/pricing")).toMatchObject({ status: 200, connection: "close" });
});
