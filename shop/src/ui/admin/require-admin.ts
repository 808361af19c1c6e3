import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { Caller } from "oncepaid/caller.ts";
import { identify } from "oncepaid/http/caller.ts";
import { engine } from "#/engine.ts";

/** The operator who asks for this page; to everybody else it doesn't exist. */
export async function requireAdmin(): Promise<Caller> {
  const caller = await identify(engine(), await headers());
  if ("ok" in caller || caller.kind !== "user" || !caller.isOperator) notFound();
  return caller;
}
