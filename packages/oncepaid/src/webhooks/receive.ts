import { isUnstorable } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { originOf } from "#/events/origin.ts";
import { factsOf, isAboutCustomer, isHandled } from "#/events/routes.ts";
import { type Failure, failure, messageOf } from "#/failure.ts";
import { type Applied, keepEvent, type Outcome, recordFailure } from "#/orders/stored-events.ts";
import { applyTogether } from "#/orders/together.ts";
import { keepUnclaimed } from "#/orders/unclaimed.ts";
import { API_VERSION } from "#/stripe/client.ts";
import { readAgain } from "#/stripe/read-again.ts";
import { verifySignature } from "#/stripe/signature.ts";
import { traced } from "#/trace.ts";
import { applyCustomer } from "#/webhooks/customer.ts";
import { type ParsedEvent, parseEvent } from "#/webhooks/event.ts";
import { isOldWarning } from "#/webhooks/old-warning.ts";
import { isOfOtherShop } from "#/webhooks/other-shop.ts";
import { counted, overloaded } from "#/webhooks/overload.ts";
import { settleTie } from "#/webhooks/tie.ts";

export type Received = { ok: true; outcome: Outcome };

/**
 * One signed delivery of Stripe: verify, parse, apply. An answer other than `ok` means nothing was kept as done, so Stripe
 * sends it again.
 */
export async function receive(
  engine: Engine,
  body: Buffer,
  signature: string | undefined,
): Promise<Received | Failure> {
  // Where it isn't set, this says so first.
  const { webhookSecrets } = engine.settings.stripe;
  const refusal = overloaded(engine);
  if (refusal) return refusal;
  const stopTimer = engine.shared.meters.eventSeconds.startTimer();
  const verified = verifySignature(body, signature, webhookSecrets);
  if (!verified.ok) return refused(engine, failure("invalid_signature", verified.reason));
  const event = parseEvent(verified.payload);
  if (!event)
    return refused(engine, failure("invalid_request", "The body is signed but isn't a Stripe event."));
  return counted(engine, body.length, () => applyEvent(engine, event)).finally(stopTimer);
}

function refused({ shared }: Engine, refusal: Failure): Failure {
  shared.meters.refusedDeliveries.inc({ reason: refusal.code });
  return refusal;
}

/** The one door for events: deliveries, replays, retries and what reconcile finds all come through it. */
export async function applyEvent(engine: Engine, event: ParsedEvent): Promise<Received | Failure> {
  const { id, type } = event;
  try {
    const { outcome, orderId, reason } = await traced(
      "event",
      { "stripe.event.id": id, "stripe.event.type": type },
      () => dispatch(engine, event),
    );
    measure(engine, event, outcome);
    engine.log.info({ event: id, type, outcome, order: orderId, reason }, "event");
    return { ok: true, outcome };
  } catch (error) {
    measure(engine, event, "failed");
    engine.log.error({ event: id, type, err: error }, "event failed");
    return keepFailed(engine, event, messageOf(error));
  }
}

/** A type that isn't known here has no line of figures of its own: whoever signs may write anything there. */
function measure(
  { shared: { meters } }: Engine,
  { type, created }: ParsedEvent,
  outcome: Outcome | "failed",
): void {
  meters.events.inc({ type: isHandled(type) ? type : "other", outcome });
  if (outcome === "applied" && PAYMENTS.has(type))
    meters.fulfilmentSeconds.observe(Date.now() / 1000 - created);
}

/** What a buyer waits for once the money is there. */
const PAYMENTS: ReadonlySet<string> = new Set([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
]);

async function dispatch(engine: Engine, event: ParsedEvent): Promise<Applied> {
  const misdirected = whyNotForUs(engine, event);
  if (misdirected) return keepEvent(engine, event, "quarantined", misdirected);
  if (isAboutCustomer(event.type)) return applyCustomer(engine, event);
  if (!isHandled(event.type))
    return keepEvent(engine, event, "ignored", "Nothing here depends on this type.");
  const object = await trustedObject(engine, event);
  if (object === undefined) return keepUnreadable(engine, event);
  const reading = factsOf(event.type, object, event.created);
  const origin = originOf(object);
  if (await isOfOtherShop(engine, origin))
    return keepEvent(engine, event, "ignored", "Another shop on the same Stripe account made it.");
  if (reading.kind !== "facts") return keepEvent(engine, event, reading.kind, reading.reason);
  if (await isOldWarning(engine, reading.facts))
    return keepEvent(engine, event, "ignored", "It is from before this shop listened for fraud warnings.");
  // Before the event is kept: whoever comes after a crash does both.
  if (reading.orderId === null) await keepUnclaimed(engine, reading.facts, origin.userId);
  const applied = await applyTogether(engine, { ...reading, actor: "stripe", event });
  return applied.outcome === "tied" ? settleTie(engine, reading, event, applied.subscription) : applied;
}

/** An event of another mode or account reaches this app only by a wrong setting, so a person has to look. */
function whyNotForUs({ settings }: Engine, { livemode, account }: ParsedEvent): string | undefined {
  const live = settings.stripe.mode === "live";
  if (livemode !== live) return `It is a ${mode(livemode)} mode event; this app runs in ${mode(live)} mode.`;
  if (account !== null) return `It belongs to the connected account ${account}, not to this one.`;
  return undefined;
}

/**
 * The payload's object, where it is of the API version this code is written for. From any other version the event only tells that
 * something happened, and Stripe is asked for the object as it is now; undefined when Stripe can't show it.
 */
function trustedObject({ stripe }: Engine, { apiVersion, object }: ParsedEvent): Promise<unknown> {
  return apiVersion === API_VERSION ? Promise.resolve(object) : readAgain(stripe, object);
}

/** The snapshot of a thin event may come still, with its object: the notification is kept under its own id. */
function keepUnreadable(engine: Engine, event: ParsedEvent): Promise<Applied> {
  const { apiVersion, notification } = event;
  const what = notification === undefined ? `Its API version is ${apiVersion}` : "It is a thin event";
  const own = { ...event, id: notification ?? event.id };
  return keepEvent(engine, own, "quarantined", `${what}, and Stripe can't show its object again.`);
}

/** Written down as failed, so that the sweep tries again even if Stripe doesn't. */
async function keepFailed(engine: Engine, event: ParsedEvent, reason: string): Promise<Received | Failure> {
  const again = failure("internal", "The event could not be stored; send it again.");
  try {
    await recordFailure(engine, event, reason);
    return again;
  } catch (error) {
    return isUnstorable(error) ? keepUnstorable(engine, event, messageOf(error)).catch(() => again) : again;
  }
}

/**
 * PostgreSQL refuses the event itself, for example because it is nested too deeply or its time is in no calendar, and will
 * refuse it every time. It is kept for a person, its payload as a text instead of as JSON.
 */
async function keepUnstorable(engine: Engine, event: ParsedEvent, why: string): Promise<Received> {
  const created = Math.floor(Date.now() / 1000);
  const asText = { ...event, created, payload: JSON.stringify(event.payload) };
  const { outcome } = await keepEvent(
    engine,
    asText,
    "quarantined",
    `The database can't hold it: ${why}. Its payload is kept as text, its time is when it came.`,
  );
  return { ok: true, outcome };
}

function mode(live: boolean): string {
  return live ? "live" : "test";
}
