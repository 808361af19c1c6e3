import { database } from "#/database.ts";

/** The addresses of those of these accounts that have one, by account. Anything else that is named here has none. */
export async function addressesOf(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const users = await database()
    .db.selectFrom("user")
    .select(["id", "email"])
    .where("id", "in", userIds)
    .where("emailVerified", "=", true)
    .execute();
  return new Map(users.map(({ id, email }) => [id, email]));
}

/** The account of whoever has proven to read an address, in lower case. */
export async function accountOf(email: string): Promise<string | undefined> {
  const user = await database()
    .db.selectFrom("user")
    .select("id")
    .where("email", "=", email)
    .where("emailVerified", "=", true)
    .executeTakeFirst();
  return user?.id;
}
