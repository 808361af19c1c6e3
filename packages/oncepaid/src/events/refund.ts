import { z } from "zod";
import {
  id,
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

/** What one refund tells. */

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
        [refund.id]: {
          ...(refund.charge !== undefined && { charge: refund.charge }),
          ...(refund.payment_intent !== undefined && { paymentIntent: refund.payment_intent }),
          amount: refund.amount,
          createdAt: refund.created,
          ...((refund.status === "failed" || refund.status === "canceled") && { failedAt: at }),
        },
      },
    },
  }));
}
