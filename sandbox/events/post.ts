import * as http from "node:http";
import * as https from "node:https";

export interface Reply {
  status: number | null;
  error: string | null;
}

/** The time an endpoint has to answer. Stripe doesn't publish its own; its CLI uses 30 seconds. */
const TIMEOUT_MS = 30_000;

const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };

/**
 * One webhook request, with the headers of Stripe's. Redirects are answers like any other, never followed. `given` ends
 * it early.
 */
export async function post(url: string, body: string, signature: string, given: AbortSignal): Promise<Reply> {
  const first = await attempt(url, body, signature, given);
  // A kept connection that the receiver closed in the same moment says nothing about the receiver: ask it anew.
  return first.stale ? attempt(url, body, signature, given) : first;
}

function attempt(
  url: string,
  body: string,
  signature: string,
  given: AbortSignal,
): Promise<Reply & { stale: boolean }> {
  return new Promise((resolve) => {
    const [{ request }, agent] = url.startsWith("https:") ? [https, agents.https] : [http, agents.http];
    const headers = {
      Accept: "*/*; q=0.5, application/xml",
      "Accept-Encoding": "gzip",
      "Cache-Control": "no-cache",
      "Content-Length": Buffer.byteLength(body),
      "Content-Type": "application/json; charset=utf-8",
      "Stripe-Signature": signature,
      "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    };
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = AbortSignal.any([timeout, given]);
    const sent = request(url, { method: "POST", agent, headers, signal }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? null, error: null, stale: false });
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      const reason = timeout.aborted
        ? `no answer within ${TIMEOUT_MS / 1000} s`
        : (error.code ?? error.message);
      const stale = sent.reusedSocket && error.code === "ECONNRESET";
      resolve({ status: null, error: reason, stale });
    });
    sent.end(body);
  });
}
