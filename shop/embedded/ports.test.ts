import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePortsFrom, onFreePort, whyTaken } from "./ports.ts";

const open: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

function occupy(port: number, host: string): Promise<void> {
  const server = createServer();
  open.push(server);
  return new Promise((resolve) => server.listen(port, host, resolve));
}

test("a port somebody listens on is passed over, whichever address they chose", async () => {
  const first = await freePortsFrom(31_000)();
  await occupy(first, "127.0.0.1");
  await occupy(first + 1, "0.0.0.0");
  const nextPort = freePortsFrom(first);
  expect(await nextPort()).toBeGreaterThan(first + 1);
  expect(await whyTaken(first)).toBe("EADDRINUSE");
});

test("a port is handed out once, even to parts that start at the same moment", async () => {
  const nextPort = freePortsFrom(31_100);
  const ports = await Promise.all([nextPort(), nextPort(), nextPort()]);
  expect(new Set(ports).size).toBe(3);
});

test("when somebody takes the port before our child binds it, the next one is tried", async () => {
  const tried: number[] = [];
  const port = await onFreePort(freePortsFrom(31_200), async (candidate) => {
    tried.push(candidate);
    if (tried.length > 1) return candidate;
    await occupy(candidate, "127.0.0.1");
    throw new Error("address in use");
  });
  expect(tried).toHaveLength(2);
  expect(port).toBe(tried[1]);
});

test("a failure that has nothing to do with the port is not tried again", async () => {
  let starts = 0;
  const failing = onFreePort(freePortsFrom(31_300), async () => {
    starts++;
    throw new Error("broken");
  });
  await expect(failing).rejects.toThrow("broken");
  expect(starts).toBe(1);
});
