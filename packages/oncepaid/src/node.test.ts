import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toNodeListener } from "#/node.ts";

let server: Server;
let url = "";
const seen: { path: string; address: string | undefined; body: string }[] = [];

beforeAll(async () => {
  const listen = toNodeListener({
    handle: async (request, { address }) => {
      seen.push({ path: new URL(request.url).pathname, address, body: await request.text() });
      return new Response("heard");
    },
  });
  server = createServer((request, response) => {
    // As Express hands it to a handler that is mounted at /api.
    const mounted = Object.assign(request, { originalUrl: request.url, url: "/checkout" });
    listen(mounted, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${portOf(server.address())}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("a request comes with its whole path, its bytes, and the other end of its connection", async () => {
  const response = await fetch(`${url}/api/checkout`, {
    method: "POST",
    body: '{"cartId": "naïve"}',
    headers: { "x-forwarded-for": "203.0.113.9" },
  });
  expect(await response.text()).toBe("heard");
  expect(seen).toEqual([{ path: "/api/checkout", address: "127.0.0.1", body: '{"cartId": "naïve"}' }]);
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
