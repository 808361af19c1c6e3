import { createServer } from "node:net";
import { codeOf } from "oncepaid/failure";
import { PartError } from "./part-error.ts";

const HIGHEST_PORT = 65535;
/** Somebody may take a port between our look and our child's bind; three of those in a row is no coincidence. */
const TRIES = 3;

export type NextPort = () => Promise<number>;

/** Hands out free ports from `first` upward, each one once, so that parts starting together never get the same. */
export function freePortsFrom(first: number): NextPort {
  let candidate = first;
  return async () => {
    while (candidate <= HIGHEST_PORT) {
      const port = candidate++;
      if ((await whyTaken(port)) === undefined) return port;
    }
    throw new PartError(`No port from ${first} upward is free; choose a lower PORT, for example PORT=3000.`);
  };
}

/** Starts something on the next free port, and on another one when that was taken in the meantime. */
export async function onFreePort<T>(nextPort: NextPort, start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const port = await nextPort();
    try {
      return await start(port);
    } catch (error) {
      if (tries === TRIES || (await whyTaken(port)) === undefined) throw error;
    }
  }
}

/** The error code that a listener on this port would get now (`EADDRINUSE`, `EACCES`), undefined when it is free. */
export async function whyTaken(port: number): Promise<string | undefined> {
  // A listener on one address doesn't always keep another off the wildcard ones, so each is tried.
  for (const host of ["127.0.0.1", "0.0.0.0", "::"]) {
    const code = await listenAndClose(port, host);
    if (code === "EADDRINUSE" || code === "EACCES") return code;
  }
  return undefined;
}

function listenAndClose(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(codeOf(error)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
