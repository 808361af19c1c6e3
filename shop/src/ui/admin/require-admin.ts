import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { Caller } from "oncepaid";
import { oncepaid } from "#/oncepaid.ts";

/** The operator who asks for this page; to everybody else it doesn't exist. */
export async function requireAdmin(): Promise<Caller> {
  const caller = await oncepaid().caller(await headers());
  if ("ok" in caller || caller.kind !== "user" || !caller.isOperator) notFound();
  return caller;
}
