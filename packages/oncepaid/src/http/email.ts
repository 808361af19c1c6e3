import { z } from "zod";
import { EMAIL_ADDRESS, LONGEST_EMAIL_ADDRESS } from "#/email-address.ts";

/**
 * An e-mail address as it is stored and compared: trimmed, in lower case, with each letter written in one way. At most 254 characters
 * (RFC 5321).
 *
 * @example
 * takes: { body: z.strictObject({ email: emailAddress }) }
 */
export const emailAddress = z
  .string("Send the e-mail address as a text.")
  .trim()
  .normalize("NFC")
  .toLowerCase()
  .max(LONGEST_EMAIL_ADDRESS, `An e-mail address has at most ${LONGEST_EMAIL_ADDRESS} characters.`)
  .pipe(z.email({ pattern: EMAIL_ADDRESS, error: "That isn't an e-mail address." }));
