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
} from "#/events/reading.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** Charges: how much of one was given back. */

const chargeObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  amount_refunded: minorUnits,
  payment_intent: reference,
});

export function chargeRefunded(object: unknown, at: number): Reading {
  return read(chargeObject, object, (charge) => ({
    orderId: ourOrder(charge.metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(charge.payment_intent),
      charges: {
        [charge.id]: known({
          amount: charge.amount,
          refunded: charge.amount_refunded,
          refundedAt: at,
          paymentIntent: charge.payment_intent,
        }),
      },
    },
  }));
}
