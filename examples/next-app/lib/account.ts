import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { pool } from "@/lib/database";
import { oncepaid } from "@/lib/oncepaid";
import { COOKIE, type User, userOf } from "@/lib/sessions";

export async function currentUser(): Promise<User | null> {
  const token = (await cookies()).get(COOKIE)?.value;
  return token === undefined ? null : userOf(token);
}

/** Who isn't signed in is sent to do that, and then back. */
export async function requireUser(path: string): Promise<User> {
  return (await currentUser()) ?? redirect(`/sign-in?next=${path}`);
}

/** Pro is paid, or was given: large prints too. */
export function hasPro(userId: string): Promise<boolean> {
  return oncepaid.has(userId, "pro");
}

/** What the purchases brought, without what prints have cost. */
export async function creditsOf(userId: string): Promise<number> {
  const { rows } = await pool.query<{ left: number }>(
    `select (coalesce((select sum(amount) from public.credit where user_id = $1), 0)
           - coalesce((select sum(credits) from public."order" where user_id = $1), 0))::integer as left`,
    [userId],
  );
  return rows[0]?.left ?? 0;
}

export type Print = { id: string; picture: string; size: string; credits: number };

export async function printsOf(userId: string): Promise<Print[]> {
  const { rows } = await pool.query<Print>(
    `select id, picture, size, credits from public."order" where user_id = $1 order by created_at desc`,
    [userId],
  );
  return rows;
}
