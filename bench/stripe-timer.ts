import { Agent, createServer, request } from "node:http";

/** Stands between the app and its Stripe, passes everything on, and keeps count and time. */
export type StripeTimer = {
  url: string;
  calls(): number;
  /** Milliseconds Stripe took for all calls so far. */
  taken(): number;
  /** From now on sessions are made here and at once, each like the last one that was really made. */
  answerAtOnce(): void;
  close(): void;
};

export async function startStripeTimer(target: string): Promise<StripeTimer> {
  const agent = new Agent({ keepAlive: true });
  let calls = 0;
  let taken = 0;
  let made = "";
  let atOnce = false;
  const server = createServer((incoming, outgoing) => {
    const { method, url = "/", headers } = incoming;
    const began = performance.now();
    calls++;
    const makes = method === "POST" && url === "/v1/checkout/sessions";
    if (makes && atOnce) {
      incoming.resume();
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.end(made.replaceAll(/cs_test_\w+/g, `cs_test_atonce${calls}`));
      return;
    }
    const onward = request(new URL(url, target), { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const chunks: Buffer[] = [];
      if (makes) answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        if (makes) made = Buffer.concat(chunks).toString();
        taken += performance.now() - began;
      });
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The timer has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls: () => calls,
    taken: () => taken,
    answerAtOnce: () => {
      atOnce = true;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}
