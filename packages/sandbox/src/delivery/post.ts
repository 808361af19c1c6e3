import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as wait } from "node:timers/promises";

export interface Reply {
  status: number | null;
  error: string | null;
  headers: string | null;
  body: string | null;
}

/** How a fault changes the way a request travels. */
export interface Journey {
  /** The connection is cut as soon as the receiver answers: its work is done and nobody hears of it. */
  cut?: boolean;
  /** The body arrives in pieces over this time, and the answer is read as late. */
  slowness?: number;
}

/** The time an endpoint has to answer. Stripe doesn't publish its own; its CLI uses 30 seconds. */
const TIMEOUT_MS = 30_000;

/** Characters of an answer that are kept to be looked at. */
const KEPT = 2_000;
const PIECES = 5;

const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };

export function headersOf(body: string, signature: string): Record<string, string | number> {
  return {
    Accept: "*/*; q=0.5, application/xml",
    "Accept-Encoding": "gzip",
    "Cache-Control": "no-cache",
    "Content-Length": Buffer.byteLength(body),
    "Content-Type": "application/json; charset=utf-8",
    "Stripe-Signature": signature,
    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
  };
}

/**
 * One webhook request, with the headers of Stripe's. Redirects are answers like any other, never followed. `given` ends
 * it early.
 */
export async function post(
  url: string,
  body: string,
  signature: string,
  given: AbortSignal,
  journey: Journey = {},
): Promise<Reply> {
  const first = await attempt(url, body, signature, given, journey);
  // A kept connection that the receiver closed in the same moment says nothing about the receiver: ask it anew.
  return first.stale ? attempt(url, body, signature, given, journey) : first;
}

function attempt(
  url: string,
  body: string,
  signature: string,
  given: AbortSignal,
  { cut = false, slowness = 0 }: Journey,
): Promise<Reply & { stale: boolean }> {
  return new Promise((resolve) => {
    const [{ request }, agent] = /^https:/i.test(url) ? [https, agents.https] : [http, agents.http];
    const options = { method: "POST", agent, headers: headersOf(body, signature), signal: given };
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      sent.destroy();
    }, TIMEOUT_MS);
    const finish = (reply: Partial<Reply>, stale = false) => {
      clearTimeout(limit);
      resolve({ status: null, error: null, headers: null, body: null, ...reply, stale });
    };
    const sent = request(url, options, (response) => {
      if (cut) {
        sent.destroy();
        finish({ error: "ECONNRESET" });
        return;
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (text.length < KEPT) text += chunk;
      });
      const answered = () =>
        finish({
          status: response.statusCode ?? null,
          headers: JSON.stringify(response.headers),
          body: text.slice(0, KEPT),
        });
      // The status decides, also when the rest of the answer gets lost.
      response.on("end", answered);
      response.on("error", answered);
      if (slowness > 0) {
        response.pause();
        setTimeout(() => response.resume(), slowness);
      }
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      const reason = late ? `no answer within ${TIMEOUT_MS / 1000} s` : (error.code ?? error.message);
      finish({ error: reason }, sent.reusedSocket && error.code === "ECONNRESET" && !late);
    });
    if (slowness > 0) void inPieces(sent, Buffer.from(body), slowness);
    else sent.end(body);
  });
}

async function inPieces(sent: http.ClientRequest, body: Buffer, milliseconds: number): Promise<void> {
  const size = Math.ceil(body.length / PIECES);
  for (let from = 0; from < body.length && !sent.destroyed; from += size) {
    sent.write(body.subarray(from, from + size));
    await wait(milliseconds / PIECES);
  }
  sent.end();
}
