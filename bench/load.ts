import { connect, type Socket } from "node:net";

/**
 * Requests over a fixed number of connections that stay open, each as soon as the one before it is answered. Requests are bytes made
 * beforehand and of an answer only its status and its end are read, so that making load costs a small part of what is measured.
 */

/** How many were answered per second, the milliseconds each one took, in no order, and what making them cost. */
export type Load = {
  perSecond: number;
  milliseconds: number[];
  statuses: Map<number, number>;
  cpuMs: number;
};

export type Post = { path: string; headers: Record<string, string>; body: string };

/** Throws when anything but 200 is answered, or one of `allowed`. */
export async function postAll(
  url: string,
  posts: readonly Post[],
  connections: number,
  allowed: readonly number[] = [200],
): Promise<Load> {
  const { hostname, port, host } = new URL(url);
  const requests = posts.map((post) => bytesOf(post, host));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(Number(port), hostname)));
  const milliseconds: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const sender = async (socket: Socket) => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const began = performance.now();
      const status = await ask(socket, request);
      milliseconds.push(performance.now() - began);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (!allowed.includes(status)) throw new Error(`A request of the bench was answered ${status}.`);
    }
  };
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  try {
    await Promise.all(sockets.map(sender));
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { perSecond: posts.length / seconds, milliseconds, statuses, cpuMs: (user + system) / 1000 };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function bytesOf({ path, headers, body }: Post, host: string): Buffer {
  const lines = Object.entries({ host, ...headers, "content-length": String(Buffer.byteLength(body)) });
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
  );
}

function open(port: number, hostname: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: hostname, noDelay: true });
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
}

/** The status of the answer, once all of it is here. */
function ask(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const end = (settle: () => void) => {
      socket.removeAllListeners("data").removeAllListeners("close").removeAllListeners("error");
      settle();
    };
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (isWhole(answer)) end(() => resolve(Number(answer.slice(9, 12))));
    });
    socket.once("close", () => end(() => reject(new Error("The app closed the connection."))));
    socket.once("error", (error) => end(() => reject(error)));
    socket.write(request);
  });
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head));
  return length ? answer.length >= head + 4 + Number(length[1]) : answer.endsWith("\r\n0\r\n\r\n");
}

/** The value below which this share of them is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
