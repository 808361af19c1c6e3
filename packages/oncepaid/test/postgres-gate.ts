import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A way to PostgreSQL, or to any server over TCP, that can be shut at any message: the n-th piece of what the program says after
 * `arm(n)` goes no further, and nothing after it. With the program killed there, every step between two messages is a step it died at.
 */
export type PostgresGate = {
  url: string;
  /** Lets n - 1 more messages through; resolves when the n-th stands at the gate. */
  arm(n: number): Promise<void>;
  /** Where it leads from now on: a server that was started again may have another port. */
  aim(url: string): void;
  /** How many messages have passed since it was armed. */
  passed(): number;
  close(): void;
};

export async function openGate(databaseUrl: string): Promise<PostgresGate> {
  let target = new URL(databaseUrl);
  let left = Number.POSITIVE_INFINITY;
  let passed = 0;
  let reached = () => {};
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => sockets.delete(one));
    }
    upstream.pipe(socket);
    // Who finds nobody behind the gate is to hear it at once.
    upstream.on("error", () => socket.destroy());
    socket.on("data", (message) => {
      left--;
      if (left < 0) return;
      if (left === 0) {
        left = -1;
        reached();
        return;
      }
      passed++;
      upstream.write(message);
    });
    // A program that died ends its connection, and PostgreSQL undoes what was not committed.
    socket.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  const { port } = portOf(server.address());
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return {
    url: url.href,
    arm: (n) => {
      left = n;
      passed = 0;
      return new Promise((resolve) => {
        reached = resolve;
      });
    },
    aim: (url) => {
      target = new URL(url);
    },
    passed: () => passed,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("The gate has no port.");
  return address;
}
