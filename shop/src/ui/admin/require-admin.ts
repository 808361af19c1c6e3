import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { Caller, Role } from "oncepaid";
import { hasRole } from "oncepaid/routes";
import { oncepaid } from "#/oncepaid.ts";

type Person = Extract<Caller, { kind: "user" }>;

/** The operator who asks for this page, with this role at least; to everybody else it doesn't exist. */
export async function requireAdmin(role: Role = "read"): Promise<Person> {
  const caller = await oncepaid().caller(await headers());
  if ("ok" in caller || caller.kind !== "user" || !hasRole(caller, role)) notFound();
  return caller;
}
