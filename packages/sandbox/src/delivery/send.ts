import type { Clock } from "../clock.ts";
import type { Delivery, Try } from "../events/deliveries.ts";
import { withPending } from "../events/deliveries.ts";
import type { RequestFault } from "../faults/rules.ts";
import type { Store } from "../store.ts";
import type { EventObject, Kinds } from "../wire.ts";
import { bodyOf, looksOlder } from "./body.ts";
import { post } from "./post.ts";
import { secretsOf } from "./secrets.ts";
import { signatureHeader } from "./signature.ts";

/** Twice the five minutes that the SDKs accept. */
const STALE_SECONDS = 600;

interface From {
  store: Store;
  clock: Clock;
}

/** One try: signs the event, posts it as the fault lets it, and says what came of it. */
export async function send(
  from: From,
  delivery: Delivery,
  event: EventObject,
  endpoint: Kinds["webhook_endpoint"],
  how: { fault: RequestFault | undefined; manual: boolean; signal: AbortSignal },
): Promise<Try> {
  const { fault, manual, signal } = how;
  const { pending_webhooks: pending } = withPending(from.store, event);
  const whole = bodyOf(from.store, event, endpoint, pending);
  const body = fault?.fault === "tamper" ? tampered(whole) : whole;
  const signature = signatureOf(from, whole, delivery, fault);
  const started = performance.now();
  const reply =
    lost(fault) ??
    (await post(endpoint.url, body, signature, signal, {
      cut: fault?.fault === "reset_after",
      slowness: fault?.fault === "slow" ? fault.milliseconds : 0,
    }));
  return {
    at: from.clock.now(),
    manual,
    milliseconds: Math.round(performance.now() - started),
    status: reply.status,
    error: reply.error,
    fault: fault?.fault ?? null,
    signature,
    pending,
    body: body === whole && !looksOlder(from.store, endpoint) ? null : body,
    response_headers: reply.headers,
    response_body: reply.body,
  };
}

function signatureOf(
  { store, clock }: From,
  body: string,
  delivery: Delivery,
  fault: RequestFault | undefined,
): string {
  if (fault?.fault === "bad_signature") return signatureHeader(body, ["whsec_of_somebody_else"]);
  const secrets = secretsOf(store, delivery.endpoint_id, clock.now());
  if (fault?.fault !== "stale_signature") return signatureHeader(body, secrets);
  return signatureHeader(body, secrets, Math.floor(Date.now() / 1000) - STALE_SECONDS);
}

/** Still JSON, and still of the same length: only the signature can tell. */
function tampered(body: string): string {
  return body.replace('\n  "livemode": false', '\n  "livemode":  true');
}

/** What is known of a try that never arrives. */
function lost(fault: RequestFault | undefined) {
  if (fault?.fault !== "drop" && fault?.fault !== "down") return undefined;
  const error = fault.fault === "down" ? "ECONNREFUSED" : "lost on the way";
  return { status: null, error, headers: null, body: null };
}
