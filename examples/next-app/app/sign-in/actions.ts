"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { pool } from "@/lib/database";
import { hashPassword, isPassword } from "@/lib/passwords";
import { COOKIE, endSession, SESSION_SECONDS, startSession } from "@/lib/sessions";

/** Signs in, or makes the account of an address that is new. Answers why not. */
export async function signIn(_: string | null, form: FormData): Promise<string | null> {
  const email = String(form.get("email") ?? "")
    .trim()
    .toLowerCase();
  const password = String(form.get("password") ?? "");
  if (!/^\S+@\S+$/.test(email) || email.length > 254) return "That isn't an e-mail address.";
  if (password.length < 8 || password.length > 200) return "A password has 8 to 200 characters.";
  const userId = await userIdOf(email, password);
  if (userId === null) return "That isn't the password of this account.";
  (await cookies()).set(COOKIE, await startSession(userId), {
    httpOnly: true,
    sameSite: "lax",
    secure: process.env.APP_URL?.startsWith("https://") ?? true,
    path: "/",
    maxAge: SESSION_SECONDS,
  });
  redirect(pathOf(form.get("next")));
}

export async function signOut(): Promise<void> {
  const jar = await cookies();
  const token = jar.get(COOKIE)?.value;
  if (token !== undefined) await endSession(token);
  jar.delete(COOKIE);
  redirect("/");
}

/** Null when the password is wrong. */
async function userIdOf(email: string, password: string): Promise<string | null> {
  await pool.query(
    `insert into public."user" (email, password) values ($1, $2) on conflict (email) do nothing`,
    [email, await hashPassword(password)],
  );
  const { rows } = await pool.query<{ id: string; password: string }>(
    `select id, password from public."user" where email = $1`,
    [email],
  );
  const [user] = rows;
  return user && (await isPassword(password, user.password)) ? user.id : null;
}

/** A page of this app and of no other. */
function pathOf(next: FormDataEntryValue | null): string {
  const url = new URL(typeof next === "string" ? next : "/", "http://here");
  return url.host === "here" ? url.pathname + url.search : "/account";
}
