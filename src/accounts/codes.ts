import { v4 as uuidv4 } from "uuid";
import { auth } from "#/accounts/auth.ts";
import { database } from "#/db.ts";
import { enqueue } from "#/jobs.ts";
import type { Locale } from "#/locale.ts";

/**
 * Mails a sign-in code to whoever reads that address. Nothing here looks whether it has an account, so neither the
 * answer nor its time can tell.
 */
export async function mailSignInCode(email: string, locale: Locale): Promise<void> {
  const data = { mail: "sign_in_code", email, locale } as const;
  await enqueue(database().pool, [{ queue: "mail", key: `sign_in_code:${uuidv4()}`, data }]);
}

/**
 * Makes a code for the mail that is being written: six digits, good for ten minutes and three tries. The newest code of
 * an address is the one that counts.
 */
export async function makeSignInCode(email: string): Promise<string> {
  return auth().api.createVerificationOTP({ body: { email: email.trim().toLowerCase(), type: "sign-in" } });
}
