import { Webhook, WebhookVerificationError } from "standardwebhooks";
import type { OutboundEvent } from "#/rules/outbound-event.ts";

/**
 * Receiving what Oncepaid tells other servers. It needs nothing of the engine, so it runs wherever there is JavaScript.
 */

export type { OutboundEntitlement, OutboundEvent, OutboundOrder } from "#/rules/outbound-event.ts";

/** What was told. `id` is the same for every repetition: remember the ones you have handled. */
export type ReceivedEvent = { id: string } & OutboundEvent;

/** A delivery as a host has it that isn't Web standard: the raw bytes or text of the body, never parsed JSON. */
export type Delivery = {
  body: Uint8Array | string;
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
};

export type Received =
  | { ok: true; event: ReceivedEvent }
  /** `status` is what to answer with: what can't be handled now is sent again, all else isn't. */
  | { ok: false; code: NotReceived; error: string; status: 200 | 400 | 500 };

/**
 * `invalid_signature`: no secret of yours signed it, or it was signed more than five minutes from now. `unknown_event`: signed, but
 * of a type that this version doesn't know. `not_configured`: there is no secret to verify with.
 */
export type NotReceived = "invalid_signature" | "unknown_event" | "not_configured";

/** Complete by its type: one that is told and not read here doesn't compile. */
const TYPES: Readonly<Record<OutboundEvent["type"], true>> = {
  "order.fulfilled": true,
  "order.refunded": true,
  "order.canceled": true,
  "refund.failed": true,
  "payment.early_fraud_warning": true,
  "entitlement.changed": true,
};

/**
 * Verifies one outbound webhook over its raw bytes, by the Standard Webhooks specification, and reads it. `secret` is `whsec_…`,
 * several while one is being replaced.
 *
 * @example
 * export async function POST(request: Request) {
 *   const received = await receiveWebhook(request, process.env.ONCEPAID_WEBHOOK_SECRET);
 *   if (!received.ok) return new Response(received.error, { status: received.status });
 *   if (received.event.type === "order.fulfilled") await deliver(received.event.data.orderId);
 *   return new Response(null, { status: 204 });
 * }
 */
export async function receiveWebhook(
  delivery: Request | Delivery,
  secret: string | readonly string[] | undefined,
): Promise<Received> {
  const verifiers = verifiersOf(secret);
  if (!verifiers)
    return refused("not_configured", "There is no secret whsec_… to verify webhooks with.", 500);
  const headers = headersOf(delivery.headers);
  const body = await textOf(delivery);
  const reasons = verifiers.map((verifier) => whyUntrusted(verifier, headers, body));
  if (!reasons.includes(undefined)) {
    return refused("invalid_signature", `The webhook can't be trusted: ${reasons.at(-1)}.`, 400);
  }
  const event: unknown = JSON.parse(body);
  if (isEvent(event)) return { ok: true, event: { id: headers["webhook-id"], ...event } };
  return refused("unknown_event", "The webhook is of a type that isn't known here.", 200);
}

/** Undefined where there is none, or one isn't a secret: an empty one must not verify anything. */
function verifiersOf(secret: string | readonly string[] | undefined): Webhook[] | undefined {
  const secrets = [secret ?? []].flat().filter((one) => one.trim() !== "");
  try {
    return secrets.length > 0 ? secrets.map((one) => new Webhook(one.trim())) : undefined;
  } catch {
    return undefined;
  }
}

function headersOf(headers: Delivery["headers"]) {
  const one = (name: string): string => {
    if (isHeaders(headers)) return headers.get(name) ?? "";
    return [headers[name] ?? ""].flat().join(" ");
  };
  return {
    "webhook-id": one("webhook-id"),
    "webhook-timestamp": one("webhook-timestamp"),
    "webhook-signature": one("webhook-signature"),
  };
}

/** By what it can do: a host may bring a class of its own. */
function isHeaders(headers: Delivery["headers"]): headers is Headers {
  return typeof headers.get === "function";
}

/** The body as it was signed: a byte order mark is a part of it. */
async function textOf(delivery: Request | Delivery): Promise<string> {
  const body = "arrayBuffer" in delivery ? await delivery.arrayBuffer() : delivery.body;
  if (typeof body === "string") return body;
  // JavaScript that has no types: what a JSON parser has made of the body can't be verified any more.
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  }
  throw new TypeError("receiveWebhook needs the raw bytes of the body, before any JSON parser.");
}

function whyUntrusted(verifier: Webhook, headers: ReturnType<typeof headersOf>, body: string) {
  try {
    verifier.verify(body, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
    throw error;
  }
}

/** What is signed is what we have sent, so only its type is in question. */
function isEvent(value: unknown): value is OutboundEvent {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    Object.hasOwn(TYPES, value.type) &&
    "data" in value
  );
}

function refused(code: NotReceived, error: string, status: 200 | 400 | 500): Received {
  return { ok: false, code, error, status };
}
