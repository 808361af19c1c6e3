import * as http from "node:http";
import * as https from "node:https";

export interface Reply {
  status: number | null;
  error: string | null;
}

/** The time an endpoint has to answer. Stripe doesn't publish its own; its CLI uses 30 seconds. */
const TIMEOUT_MS = 30_000;

/**
 * One webhook request, with the headers of Stripe's. Redirects are answers like any other, never followed. Every request
 * has a connection of its own: a kept-alive one that a restarting receiver just closed would look like a failure.
 */
export function post(url: string, body: string, signature: string, given: AbortSignal): Promise<Reply> {
  return new Promise((resolve) => {
    const { request } = url.startsWith("https:") ? https : http;
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
    const sent = request(url, { method: "POST", agent: false, headers, signal }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? null, error: null });
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      const reason = signal.aborted
        ? `no answer within ${TIMEOUT_MS / 1000} s`
        : (error.code ?? error.message);
      resolve({ status: null, error: reason });
    });
    sent.end(body);
  });
}
