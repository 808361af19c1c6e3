import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningSandbox, startSandbox } from "./server.ts";

let closed: RunningSandbox;
let open: RunningSandbox;
beforeAll(async () => {
  closed = await startSandbox({ port: 0 });
  open = await startSandbox({ port: 0, host: "0.0.0.0" });
});
afterAll(() => Promise.all([closed.close(), open.close()]));

/** As a browser asks that was told that this name is this machine's. */
function statusAs(host: string, { port }: RunningSandbox, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once("error", reject);
    asked.end();
  });
}

test.each(["/", "/v1/customers", "/sandbox/faults", "/c/pay/cs_test_1"])(
  "a page that gave this machine a name of its own is refused %s",
  async (path) => {
    expect(await statusAs("evil.example", closed, path)).toBe(403);
    expect(await statusAs(`evil.example:${closed.port}`, closed, path)).toBe(403);
    expect(await statusAs("127.0.0.1.evil.example", closed, path)).toBe(403);
  },
);

test.each(["localhost", "127.0.0.1", "[::1]", "shop.localhost"])("%s is this machine", async (name) => {
  expect(await statusAs(name, closed, "/sandbox/clock")).toBe(200);
});

test("a sandbox that was started for others answers to any name", async () => {
  expect(await statusAs("stripe.internal", open, "/sandbox/clock")).toBe(200);
});
