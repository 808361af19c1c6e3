import { z } from "zod";
import {
  id,
  known,
  links,
  metadata,
  minorUnits,
  ourOrder,
  type Reading,
  read,
  reference,
  seconds,
} from "#/events/reading.ts";
import { NO_FACTS } from "#/rules/facts.ts";
import { RETURNED_ITEMS } from "#/rules/returned-items.ts";

/** Refunds, each by itself: how much it gives back, and whether it failed. */

const refundObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  charge: reference,
  created: seconds,
  payment_intent: reference,
  status: z.string().nullish(),
});

export function refund(object: unknown, at: number): Reading {
  return read(refundObject, object, (refund) => ({
    orderId: ourOrder(refund.metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(refund.payment_intent),
      refunds: {
        [refund.id]: known({
          charge: refund.charge,
          paymentIntent: refund.payment_intent,
          amount: refund.amount,
          createdAt: refund.created,
          items: refund.metadata?.[RETURNED_ITEMS],
          failedAt: refund.status === "failed" || refund.status === "canceled" ? at : undefined,
        }),
      },
    },
  }));
}
