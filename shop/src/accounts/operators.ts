import type { Role } from "oncepaid";
import { config } from "#/config.ts";
import { database } from "#/database.ts";

/** Who may open the desk: the owners of ADMIN_EMAILS, and whom an owner added, each with a role. */
export type Operator = {
  email: string;
  role: Role;
  /** It stands in ADMIN_EMAILS, so only whoever runs the server changes it. */
  fromSettings: boolean;
  /** ISO 8601 in UTC; null for those of the settings. */
  addedAt: string | null;
};

/** What an address may do at the desk; undefined where it is nobody's there. `email` is in lower case. */
export async function roleOf(email: string): Promise<Role | undefined> {
  if (isFromSettings(email)) return "owner";
  const row = await database()
    .db.selectFrom("operator")
    .select("role")
    .where("email", "=", email)
    .executeTakeFirst();
  return row?.role;
}

/** Those of the settings first, the others by address. */
export async function listOperators(): Promise<Operator[]> {
  const rows = await database().db.selectFrom("operator").selectAll().orderBy("email").execute();
  return [
    ...config().adminEmails.map((email) => ({
      email,
      role: "owner" as const,
      fromSettings: true,
      addedAt: null,
    })),
    ...rows
      .filter(({ email }) => !isFromSettings(email))
      .map(({ email, role, added_at }) => ({
        email,
        role,
        fromSettings: false,
        addedAt: added_at.toISOString(),
      })),
  ];
}

/** Gives an address a role, whatever it had; answers what that was. From the next request on it may do that and no more. */
export async function giveRole({ email, role, by }: { email: string; role: Role; by: string }) {
  const { db } = database();
  return db.transaction().execute(async (transaction) => {
    const before = await transaction
      .selectFrom("operator")
      .select("role")
      .where("email", "=", email)
      .forUpdate()
      .executeTakeFirst();
    await transaction
      .insertInto("operator")
      .values({ email, role, added_by: by })
      .onConflict((conflict) => conflict.column("email").doUpdateSet({ role, added_by: by }))
      .execute();
    return before?.role;
  });
}

/** From the next request on it is nobody's at the desk; answers the role it had. */
export async function takeRole(email: string): Promise<Role | undefined> {
  const row = await database()
    .db.deleteFrom("operator")
    .where("email", "=", email)
    .returning("role")
    .executeTakeFirst();
  return row?.role;
}

export function isFromSettings(email: string): boolean {
  return config().adminEmails.includes(email);
}
