import { Agent, request } from "node:http";

/** Requests over a fixed number of connections that stay open, each as soon as the one before it is answered. */

/** How many were answered per second, and the milliseconds each one took, in no order. */
export type Load = { perSecond: number; milliseconds: number[] };

export type Post = { path: string; headers: Record<string, string>; body: string };

/** Throws when anything but 200 is answered. */
export async function postAll(url: string, posts: readonly Post[], connections: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const milliseconds: number[] = [];
  let next = 0;
  const sender = async () => {
    for (let post = posts[next++]; post !== undefined; post = posts[next++]) {
      const began = performance.now();
      await send(new URL(post.path, url), post, agent);
      milliseconds.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, sender));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { perSecond: posts.length / seconds, milliseconds };
}

function send(url: URL, { headers, body }: Post, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, agent },
      (answer) => {
        answer.resume();
        answer.once("end", () =>
          answer.statusCode === 200
            ? resolve()
            : reject(new Error(`${url.pathname} answered ${answer.statusCode}.`)),
        );
      },
    );
    sending.once("error", reject);
    sending.end(body);
  });
}

/** The value below which this share of them is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
