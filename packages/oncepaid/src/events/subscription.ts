import { z } from "zod";
import {
  id,
  known,
  links,
  metadata,
  optional,
  ourOrder,
  type Reading,
  read,
  reference,
  seconds,
} from "#/events/reading.ts";
import { NO_FACTS, type SubscriptionFact } from "#/rules/facts.ts";

/** Subscriptions: each event and each reading carries the whole state at one moment. */

/** Whether there are any. */
const some = z
  .array(z.unknown())
  .nullish()
  .transform((list) => (list ?? []).length > 0);

const subscriptionObject = z.object({
  id,
  metadata,
  status: z.string(),
  customer: reference,
  cancel_at: optional(seconds),
  ended_at: optional(seconds),
  pause_collection: optional(z.object({ behavior: z.string() })),
  trial_start: optional(seconds),
  latest_invoice: reference,
  discounts: some,
  automatic_tax: optional(z.object({ enabled: z.boolean() })),
  default_tax_rates: some,
  items: z.object({
    data: z.array(
      z.object({
        price: z.object({ id, product: reference }),
        quantity: optional(z.int().nonnegative()),
        current_period_start: optional(seconds),
        current_period_end: optional(seconds),
        discounts: some,
        tax_rates: some,
      }),
    ),
  }),
});

type SubscriptionObject = z.output<typeof subscriptionObject>;

export function subscription(object: unknown, at: number): Reading {
  return read(subscriptionObject, object, (subscription) => ({
    orderId: ourOrder(subscription.metadata),
    waits: false,
    facts: {
      ...NO_FACTS,
      links: links(subscription.id, subscription.latest_invoice),
      subscriptions: { [subscription.id]: known(stateOf(subscription, at)) },
    },
  }));
}

function stateOf(subscription: SubscriptionObject, at: number): SubscriptionFact {
  const items = subscription.items.data;
  return {
    at,
    status: subscription.status,
    items: items.map(({ price, quantity }) => ({ price: price.id, quantity: quantity ?? 1 })),
    prices: Object.fromEntries(items.map(({ price }) => [price.id, true as const])),
    products: Object.fromEntries(
      items.flatMap(({ price }) => (price.product === undefined ? [] : [[price.id, price.product]])),
    ),
    customer: subscription.customer,
    // A period belongs to each item; the latest is the subscription's.
    currentPeriodStart: latest(items.map((item) => item.current_period_start)),
    currentPeriodEnd: latest(items.map((item) => item.current_period_end)),
    cancelAt: subscription.cancel_at,
    collectionPaused: subscription.pause_collection?.behavior,
    trialStart: subscription.trial_start,
    endedAt: subscription.ended_at,
    discounted: subscription.discounts || items.some(({ discounts }) => discounts) || undefined,
    taxed: isTaxed(subscription) || undefined,
  };
}

function isTaxed({ automatic_tax, default_tax_rates, items }: SubscriptionObject): boolean {
  return (
    automatic_tax?.enabled === true || default_tax_rates || items.data.some(({ tax_rates }) => tax_rates)
  );
}

function latest(times: (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined);
  return given.length > 0 ? Math.max(...given) : undefined;
}
