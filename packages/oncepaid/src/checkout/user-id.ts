import { z } from "zod";

/**
 * A user as a server names one, 1 to 200 characters. PostgreSQL keeps no NUL character, and half a surrogate pair can't be
 * sent to Stripe.
 */
export const userId = z
  .string("Send the userId as a text.")
  .min(1, "A userId can't be empty.")
  .max(200, "A userId has at most 200 characters.")
  .refine((id) => !id.includes("\0") && id.isWellFormed(), "That userId has a character that can't be kept.");
