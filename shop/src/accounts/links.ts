import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { database } from "#/database.ts";

/** Long enough for slow mail, short enough for a receipt that is passed on to the bookkeeping. */
const LINK_LIFE_SECONDS = 30 * 60;
const LINK_BYTES = 32;

/** Makes the link of a receipt that is being written: it signs in once, in any browser, beside whatever codes there are. */
export async function makeSignInLink(email: string): Promise<string> {
  const link = randomBytes(LINK_BYTES).toString("base64url");
  await sql`
    insert into shop.sign_in_link (link, email, expires_at)
    values (${hashOf(link)}, ${email.trim().toLowerCase()}, now() + make_interval(secs => ${LINK_LIFE_SECONDS}))`.execute(
    database().db,
  );
  // Behind the # it reaches no server's log and no other site.
  return `/sign-in#link=${link}`;
}

/** The address a link was mailed to; it is good once. */
export async function takeLink(link: string): Promise<string | undefined> {
  const { rows } = await sql<{ email: string }>`
    delete from shop.sign_in_link where link = ${hashOf(link)} and expires_at > now() returning email`.execute(
    database().db,
  );
  return rows[0]?.email;
}

function hashOf(link: string): string {
  return createHash("sha256").update(link).digest("base64url");
}
