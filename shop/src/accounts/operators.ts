import type { Role } from "oncepaid";
import { ROLES } from "oncepaid/routes";
import { config } from "#/config.ts";
import { type Client, database, inTransaction, SCHEMA } from "#/database.ts";

/** How long an operator stays signed in. */
export const OPERATOR_SESSION_SECONDS = 24 * 60 * 60;

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

/** What is written along, in the same transaction; `was` is the role the address had. */
type Along = (client: Client, was: Role | undefined) => Promise<void>;

/** Gives an address a role, whatever it had. From the next request on it may do that and no more. */
export async function giveRole(
  { email, role, by }: { email: string; role: Role; by: string },
  along: Along,
): Promise<void> {
  await inTransaction(async (client) => {
    const before = await client.query({
      text: `select role from ${SCHEMA}.operator where email = $1 for update`,
      values: [email],
    });
    await client.query({
      text: `insert into ${SCHEMA}.operator (email, role, added_by) values ($1, $2, $3)
             on conflict (email) do update set role = excluded.role, added_by = excluded.added_by`,
      values: [email, role, by],
    });
    await along(client, roleIn(before.rows));
  });
}

/** From the next request on it is nobody's at the desk. False where it was nobody's already: then nothing is written along. */
export function takeRole(email: string, along: Along): Promise<boolean> {
  return inTransaction(async (client) => {
    const { rows } = await client.query({
      text: `delete from ${SCHEMA}.operator where email = $1 returning role`,
      values: [email],
    });
    if (rows.length > 0) await along(client, roleIn(rows));
    return rows.length > 0;
  });
}

function roleIn([row]: readonly unknown[]): Role | undefined {
  const value = typeof row === "object" && row !== null && "role" in row ? row.role : undefined;
  return ROLES.find((role) => role === value);
}

export function isFromSettings(email: string): boolean {
  return config().adminEmails.includes(email);
}
