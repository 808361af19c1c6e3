import { createHmac, hkdfSync, randomInt } from "node:crypto";
import { sql } from "kysely";
import { type Failure, failure } from "oncepaid/failure";
import { v4 as uuidv4 } from "uuid";
import { CODE_DIGITS } from "#/accounts/code-digits.ts";
import { isSame } from "#/accounts/cookies.ts";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { database } from "#/database.ts";
import type { Locale } from "#/locale.ts";

/**
 * Codes by mail. A code belongs to the browser that asked for it (browser.ts): only there it can be tried, so nobody else's
 * wrong tries, and no code that somebody else asks for, is of any harm to it.
 */

const CODE_LIFE_SECONDS = 10 * 60;
/** Wrong tries after which a code is worth nothing. */
const CODE_TRIES = 3;

/** Whose code it is: a hash of what the browser keeps, and the address it was mailed to. */
export type Asker = { browser: string; email: string };

/**
 * Mails a sign-in code to whoever reads that address. Nothing here looks whether it has an account, so neither the
 * answer nor its time can tell.
 */
export async function mailSignInCode(
  oncepaid: ShopOncepaid,
  asker: Asker,
  locale: Locale,
): Promise<{ ok: true } | Failure> {
  if (!config().mail)
    return failure("mail_unavailable", "This shop can't send mail, so it can't send a code.");
  const data = { mail: "sign_in_code", ...asker, locale } as const;
  await oncepaid.jobs.add([{ queue: "mail", key: `sign_in_code:${uuidv4()}`, data }]);
  return { ok: true };
}

/** Makes a code for the mail that is being written, good for ten minutes and three tries; a former one is worth nothing now. */
export async function makeSignInCode(asker: Asker): Promise<string> {
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");
  await sql`
    insert into shop.sign_in_code (browser, email, code, expires_at)
    values (${asker.browser}, ${asker.email}, ${hashOf(asker, code)}, now() + make_interval(secs => ${CODE_LIFE_SECONDS}))
    on conflict (browser, email) do update set
           code = excluded.code, tries = 0, expires_at = excluded.expires_at`.execute(database().db);
  return code;
}

/** Whether it is the code that was mailed; it is good once. Each try is counted before it is compared. */
export async function takeCode(asker: Asker, code: string): Promise<boolean> {
  const { rows } = await sql<{ code: string }>`
    update shop.sign_in_code set tries = tries + 1
     where browser = ${asker.browser} and email = ${asker.email} and tries < ${CODE_TRIES} and expires_at > now()
    returning code`.execute(database().db);
  const [mailed] = rows;
  if (!mailed || !isSame(mailed.code, hashOf(asker, code))) return false;
  const { numAffectedRows } = await sql`
    delete from shop.sign_in_code
     where browser = ${asker.browser} and email = ${asker.email} and code = ${mailed.code}`.execute(
    database().db,
  );
  return numAffectedRows === 1n;
}

/** A hundred million codes are hashed in a minute: without the secret, a stolen copy of the table tells none of them. */
function hashOf({ browser, email }: Asker, code: string): string {
  const key = hkdfSync("sha256", config().authSecret, "", "sign-in codes", 32);
  return createHmac("sha256", Buffer.from(key)).update(`${browser} ${email} ${code}`).digest("base64url");
}
