import { z } from "zod";
import { VISITOR_PREFIX } from "#/caller.ts";

/**
 * A user as a server names one, 1 to 200 characters. PostgreSQL keeps no NUL character, and half a surrogate pair can't be
 * sent to Stripe.
 */
export const userId = z
  .string("Send the userId as a text.")
  .min(1, "A userId can't be empty.")
  .max(200, "A userId has at most 200 characters.")
  .refine((id) => !id.includes("\0") && id.isWellFormed(), "That userId has a character that can't be kept.");

/** The same for who is to buy: guests' ids are given out with a cookie, so nobody may be put in a guest's place by name. */
export const buyerId = userId.refine(
  (id) => !id.startsWith(VISITOR_PREFIX),
  `User ids that begin with ${VISITOR_PREFIX} are those of browsers without an account.`,
);
