import { z } from "zod";
import {
  id,
  links,
  metadata,
  optional,
  ourOrder,
  type Reading,
  read,
  reference,
  seconds,
} from "#/events/reading.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** What a subscription tells: its newest state. */

const subscriptionObject = z.object({
  id,
  metadata,
  status: z.string(),
  customer: reference,
  cancel_at: optional(seconds),
  ended_at: optional(seconds),
  trial_start: optional(seconds),
  latest_invoice: reference,
  items: z.object({
    data: z.array(
      z.object({
        price: z.object({ id }),
        quantity: optional(z.int().nonnegative()),
        current_period_start: optional(seconds),
        current_period_end: optional(seconds),
      }),
    ),
  }),
});

export function subscription(object: unknown, at: number): Reading {
  return read(
    subscriptionObject,
    object,
    ({ id, metadata, status, customer, cancel_at, ended_at, trial_start, items, latest_invoice }) => {
      const starts = items.data.flatMap(({ current_period_start: start }) =>
        start === undefined ? [] : [start],
      );
      const ends = items.data.flatMap(({ current_period_end: end }) => (end === undefined ? [] : [end]));
      const state = {
        at,
        status,
        items: items.data.map(({ price, quantity }) => ({ price: price.id, quantity: quantity ?? 1 })),
        prices: Object.fromEntries(items.data.map(({ price }) => [price.id, true as const])),
        ...(customer !== undefined && { customer }),
        ...(starts.length > 0 && { currentPeriodStart: Math.max(...starts) }),
        ...(ends.length > 0 && { currentPeriodEnd: Math.max(...ends) }),
        ...(cancel_at !== undefined && { cancelAt: cancel_at }),
        ...(trial_start !== undefined && { trialStart: trial_start }),
        ...(ended_at !== undefined && { endedAt: ended_at }),
      };
      return {
        orderId: ourOrder(metadata),
        waits: false,
        facts: { ...NO_FACTS, links: links(id, latest_invoice), subscriptions: { [id]: state } },
      };
    },
  );
}
