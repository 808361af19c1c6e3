import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { type Caller, identify } from "#/accounts/caller.ts";

/** The operator who asks for this page; to everybody else it doesn't exist. */
export async function requireAdmin(): Promise<Caller> {
  const caller = await identify(await headers());
  if ("ok" in caller || caller.kind !== "user" || !caller.isAdmin) notFound();
  return caller;
}
