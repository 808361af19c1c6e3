import { z } from "zod";

/**
 * An e-mail address as it is stored and compared: trimmed, in lower case. At most 254 characters (RFC 5321).
 *
 * @example
 * takes: { body: z.strictObject({ email: emailAddress }) }
 */
export const emailAddress = z
  .string("Send the e-mail address as a text.")
  .trim()
  .toLowerCase()
  .max(254, "An e-mail address has at most 254 characters.")
  .pipe(z.email("That isn't an e-mail address."));
