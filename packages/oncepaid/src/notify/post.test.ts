import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postTo } from "#/notify/post.ts";

let asked = 0;
const server = createServer((request, response) => {
  asked++;
  response.writeHead(302, { location: "http://127.0.0.1:1/" }).end("x".repeat(1_000_000));
  request.resume();
});
let address: AddressInfo | string | null = null;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = server.address();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const url = (host: string) =>
  new URL(`http://${host}:${typeof address === "object" ? address?.port : ""}/hook`);
const post = { body: "{}", headers: {} };

test("a public shop never posts into a private network, whether by address or by name", async () => {
  for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433"]) {
    await expect(postTo(url(host), { ...post, mayBePrivate: false })).rejects.toThrow("private network");
  }
  expect(asked).toBe(0);
});

test("a redirect is answered as it is, not followed", async () => {
  const { status, answer } = await postTo(url("127.0.0.1"), { ...post, mayBePrivate: true });
  expect(status).toBe(302);
  expect(asked).toBe(1);
  // Of a megabyte the beginning is kept.
  expect(answer).toBe("x".repeat(2_000));
});
