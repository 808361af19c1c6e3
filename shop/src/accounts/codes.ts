import { type Failure, failure } from "oncepaid/failure";
import { v4 as uuidv4 } from "uuid";
import { auth } from "#/accounts/auth.ts";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import type { Locale } from "#/locale.ts";

/**
 * Mails a sign-in code to whoever reads that address. Nothing here looks whether it has an account, so neither the
 * answer nor its time can tell.
 */
export async function mailSignInCode(
  oncepaid: ShopOncepaid,
  email: string,
  locale: Locale,
): Promise<{ ok: true } | Failure> {
  if (!config().mail)
    return failure("mail_unavailable", "This shop can't send mail, so it can't send a code.");
  const data = { mail: "sign_in_code", email, locale } as const;
  await oncepaid.jobs.add([{ queue: "mail", key: `sign_in_code:${uuidv4()}`, data }]);
  return { ok: true };
}

/**
 * Makes a code for the mail that is being written: six digits, good for ten minutes and three tries. The newest code of
 * an address is the one that counts.
 */
export async function makeSignInCode(email: string): Promise<string> {
  return auth().api.createVerificationOTP({ body: { email: email.trim().toLowerCase(), type: "sign-in" } });
}
