import type { Server } from "node:http";
import { createServer as createListener, type Server as Listener } from "node:net";
import { codeOf } from "#/failure.ts";

/** Addresses to listen on; undefined means all that this machine has. */
export type Addresses = readonly [string | undefined, ...string[]];

/** This machine alone, by both names it has. */
export const LOOPBACK: Addresses = ["127.0.0.1", "::1"];

/** A machine without IPv6 has no `::1` to listen on. */
const NO_SUCH_ADDRESS = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];

/**
 * Listens on the first address, and on each further one that this machine has.
 *
 * @example
 * const listeners = await listenOn(createServer(toNodeListener(oncepaid)), 3000, LOOPBACK);
 */
export async function listenOn(
  server: Server,
  port: number,
  [host, ...more]: Addresses,
): Promise<Listener[]> {
  await listening(server, port, host);
  const listeners: Listener[] = [server];
  for (const another of more) {
    // A server of Node's listens on one address: what comes to another is handed to it.
    const listener = createListener({ allowHalfOpen: true, noDelay: true }, (socket) => {
      server.emit("connection", socket);
    });
    try {
      await listening(listener, port, another);
      listeners.push(listener);
    } catch (error) {
      if (!NO_SUCH_ADDRESS.includes(codeOf(error) ?? "")) throw error;
    }
  }
  return listeners;
}

function listening(listener: Listener, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen({ port, ...(host !== undefined && { host }) }, () => resolve());
  });
}

/**
 * Ends it: no new connections, the running requests finish or are cut off after `graceMs`.
 *
 * @example
 * process.once("SIGTERM", () => closeAll(server, listeners, 8_000));
 */
export async function closeAll(
  server: Server,
  listeners: readonly Listener[],
  graceMs: number,
): Promise<void> {
  const closed = listeners.map((listener) => new Promise((resolve) => listener.close(resolve)));
  server.closeIdleConnections();
  const grace = setTimeout(() => server.closeAllConnections(), graceMs);
  await Promise.all(closed);
  clearTimeout(grace);
}
