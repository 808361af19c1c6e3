import { z } from "zod";
import {
  id,
  known,
  links,
  metadata,
  minorUnits,
  optional,
  ourOrder,
  type Reading,
  read,
  reference,
  seconds,
} from "#/events/reading.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/** Disputes: whether a bank has taken the money back, and how it ended. */

const disputeObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  currency: optional(z.string()),
  charge: reference,
  created: optional(seconds),
  payment_intent: reference,
  status: z.string(),
});

export function dispute(object: unknown, at: number): Reading {
  return read(disputeObject, object, (dispute) => ({
    orderId: ourOrder(dispute.metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(dispute.payment_intent),
      disputes: {
        [dispute.id]: known({
          charge: dispute.charge,
          paymentIntent: dispute.payment_intent,
          amount: dispute.amount,
          currency: dispute.currency?.toLowerCase(),
          openedAt: takesMoney(dispute.status) ? (dispute.created ?? at) : undefined,
          lostAt: dispute.status === "lost" ? at : undefined,
          wonAt: dispute.status === "won" ? at : undefined,
        }),
      },
    },
  }));
}

/** An inquiry (`warning_…`) and a dispute that was prevented take nothing back. */
function takesMoney(status: string): boolean {
  return !status.startsWith("warning_") && status !== "prevented";
}
