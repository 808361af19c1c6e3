import { chargeRefunded } from "#/events/charge.ts";
import { dispute } from "#/events/dispute.ts";
import { fraudWarning } from "#/events/fraud-warning.ts";
import { invoice, invoicePayment } from "#/events/invoice.ts";
import type { Reading } from "#/events/reading.ts";
import { refund } from "#/events/refund.ts";
import { subscribed } from "#/events/routes.ts";
import { subscription } from "#/events/subscription.ts";
import type { ListParams } from "#/stripe/lists.ts";
import type { ObjectType } from "#/stripe/objects.ts";

/**
 * What is compared, in this order. Events come first, because they say when things happened. Sessions name the orders that are
 * lost and the ends no event told. The objects follow only where events can't tell everything: Stripe keeps events for 30 days,
 * and gives them in the shape of the account's own API version. What leads to an order comes before what needs the way.
 */
export type Pass = {
  name: string;
  /** What is listed. */
  list: ObjectType;
  params: (from: number) => ListParams;
  take: "events" | "sessions" | Reader;
};

/** What an object tells as it is at `at`, unix seconds. */
type Reader = (object: unknown, at: number) => Reading[];

const DAY_SECONDS = 24 * 60 * 60;
/** How long Stripe keeps events. Source: docs.stripe.com/api/events. */
export const EVENTS_KEPT_SECONDS = 30 * DAY_SECONDS;
/** How long after it was made an object may still change: debits, retried invoices and refunds take weeks. */
const MAY_CHANGE_SECONDS = 30 * DAY_SECONDS;
/** The most types Stripe takes in one list of events. */
const MAX_TYPES = 20;

const events: Pass[] = chunks(subscribed(), MAX_TYPES).map((types) => ({
  name: "events",
  list: "event",
  params: (from) => ({ types, created: { gte: from } }),
  take: "events",
}));

const sessions = (reach: number): Pass => ({
  name: "sessions",
  list: "checkout.session",
  params: (from) => ({ created: { gte: before(from, reach) }, expand: ["data.line_items"] }),
  take: "sessions",
});

const objects: Pass[] = [
  {
    name: "subscriptions",
    list: "subscription",
    params: () => ({}),
    take: (object, at) => [subscription(object, at)],
  },
  { name: "invoices", list: "invoice", params: recent, take: (object) => [invoice(object)] },
  {
    name: "invoice payments",
    list: "invoice_payment",
    params: recent,
    take: (object) => [invoicePayment(object)],
  },
  {
    name: "refunds",
    list: "refund",
    params: (from) => ({ ...recent(from), expand: ["data.charge"] }),
    take: (object, at) => [refund(object, at), ...chargeOf(object, at)],
  },
  {
    name: "early fraud warnings",
    list: "radar.early_fraud_warning",
    params: recent,
    take: (object) => [fraudWarning(object)],
  },
  { name: "disputes", list: "dispute", params: () => ({}), take: (object, at) => [dispute(object, at)] },
];

export function passes(withObjects: boolean): Pass[] {
  return withObjects ? [...events, sessions(MAY_CHANGE_SECONDS), ...objects] : [...events, sessions(0)];
}

function recent(from: number): ListParams {
  return { created: { gte: before(from, MAY_CHANGE_SECONDS) } };
}

/** Stripe refuses a time before 1970. */
function before(from: number, seconds: number): number {
  return Math.max(from - seconds, 0);
}

/** The charge of a refund says how much was given back in all. */
function chargeOf(object: unknown, at: number): Reading[] {
  return object instanceof Object && "charge" in object && object.charge instanceof Object
    ? [chargeRefunded(object.charge, at)]
    : [];
}

function chunks<T>(items: T[], size: number): T[][] {
  return items.length === 0 ? [] : [items.slice(0, size), ...chunks(items.slice(size), size)];
}
