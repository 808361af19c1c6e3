import { createHash, randomBytes } from "node:crypto";
import { pool } from "@/lib/database";

/** As Oncepaid asks for it. An operator is who owns the place. */
export type User = { userId: string; email: string; operator: boolean };

export const COOKIE = "darkroom_session";
export const SESSION_SECONDS = 30 * 24 * 60 * 60;

/** Makes a session, and answers the cookie's value. */
export async function startSession(userId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await pool.query(
    `insert into public.session (token_hash, user_id, expires_at) values ($1, $2, now() + $3 * interval '1 second')`,
    [hashOf(token), userId, SESSION_SECONDS],
  );
  return token;
}

export async function endSession(token: string): Promise<void> {
  await pool.query("delete from public.session where token_hash = $1", [hashOf(token)]);
}

export async function userOf(token: string): Promise<User | null> {
  const { rows } = await pool.query<{ userId: string; email: string }>(
    `select u.id as "userId", u.email from public.session s join public."user" u on u.id = s.user_id
      where s.token_hash = $1 and s.expires_at > now()`,
    [hashOf(token)],
  );
  const [user] = rows;
  return user ? { ...user, operator: user.email === process.env.OWNER_EMAIL } : null;
}

/** Who sent a request, by its `cookie` header. */
export async function sessionOf(cookies: string | null): Promise<User | null> {
  const token = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(cookies ?? "")?.[1];
  return token === undefined ? null : userOf(token);
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
