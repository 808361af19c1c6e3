import { z } from "zod";
import { id, known, links, type Reading, read, reference, seconds } from "#/events/reading.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** Early fraud warnings: a card's bank suspects fraud. They have no metadata; their payment leads to the order. */

const warningObject = z.object({
  id,
  charge: reference,
  created: seconds,
  payment_intent: reference,
});

export function fraudWarning(object: unknown): Reading {
  return read(warningObject, object, ({ id, charge, created, payment_intent: paymentIntent }) => ({
    orderId: null,
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(paymentIntent),
      warnings: { [id]: known({ at: created, charge, paymentIntent }) },
    },
  }));
}
