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

/** What a dispute tells. */

const disputeObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  charge: reference,
  created: seconds,
  payment_intent: reference,
  status: z.string(),
});

export function dispute(object: unknown, at: number): Reading {
  return read(disputeObject, object, ({ id, metadata, amount, charge, created, payment_intent, status }) => ({
    orderId: ourOrder(metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(payment_intent),
      disputes: {
        [id]: {
          ...(charge !== undefined && { charge }),
          ...(payment_intent !== undefined && { paymentIntent: payment_intent }),
          amount,
          // An inquiry, and a dispute that was prevented, take no money back.
          ...(!status.startsWith("warning_") && status !== "prevented" && { openedAt: created }),
          ...(status === "lost" && { lostAt: at }),
          ...(status === "won" && { wonAt: at }),
        },
      },
    },
  }));
}
