"use server";

import { revalidatePath } from "next/cache";
import { creditsOf, hasPro, requireUser } from "@/lib/account";
import { pool } from "@/lib/database";

const COSTS = { small: 1, large: 3 };

/** Orders a print in the app's own table, for credits. Answers why not. */
export async function orderPrint(_: string | null, form: FormData): Promise<string | null> {
  const user = await requireUser("/account");
  const picture = String(form.get("picture") ?? "").trim();
  const size = form.get("size") === "large" ? "large" : "small";
  if (picture === "" || picture.length > 100) return "Say which picture, in at most 100 characters.";
  if (size === "large" && !(await hasPro(user.userId))) return "Large prints are for Pro.";
  const paid = await pay(user.userId, picture, size);
  revalidatePath("/account");
  return paid ? null : "You have too few credits.";
}

/** One after another for each user, so that the same credits don't pay twice. */
async function pay(userId: string, picture: string, size: keyof typeof COSTS): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(`select from public."user" where id = $1 for update`, [userId]);
    const enough = (await creditsOf(userId)) >= COSTS[size];
    if (enough) {
      await client.query(
        `insert into public."order" (user_id, picture, size, credits) values ($1, $2, $3, $4)`,
        [userId, picture, size, COSTS[size]],
      );
    }
    await client.query("commit");
    return enough;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
