import { createServer, type IncomingHttpHeaders, request } from "node:http";

export type Answer = { status?: number; body?: object; headers?: Record<string, string> };

export type CountingProxy = {
  url: string;
  calls(): string[];
  /** Says something else than the server: an answer of its own, or other headers on the server's. */
  answer(
    other: ((method: string, path: string, headers: IncomingHttpHeaders) => Answer | undefined) | undefined,
  ): void;
  close(): void;
};

/** Stands between a program and a server, passes everything on, and remembers what was asked. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const calls: string[] = [];
  let other: Parameters<CountingProxy["answer"]>[0];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    calls.push(`${method} ${url}`);
    const own = other?.(method, url, headers);
    if (own?.body) {
      outgoing.writeHead(own.status ?? 200, { "content-type": "application/json", ...own.headers });
      outgoing.end(JSON.stringify(own.body));
      return;
    }
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...own?.headers });
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls: () => calls,
    answer: (otherwise) => {
      other = otherwise;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
