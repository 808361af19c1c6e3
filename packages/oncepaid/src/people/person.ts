import type { Executor } from "#/database/database.ts";
import { type Failure, failure } from "#/failure.ts";

/** Somebody by the app's id of them, by an address, or by both. */
export type Person = { userId?: string | undefined; email?: string | undefined };

const NOBODY = failure("invalid_request", "Name the person: a userId, an email, or both.");

/** What is kept of somebody: ids of rows. An address finds what was bought, given or invited under it, whoever has it now. */
export type Kept = { orders: string[]; grants: string[]; seats: string[] };

/** The address as it is compared. */
export function named({ userId, email }: Person): { userId: string | null; email: string | null } | Failure {
  const address = email?.trim().toLowerCase() || null;
  const id = userId || null;
  return id === null && address === null ? NOBODY : { userId: id, email: address };
}

export async function keptOf(
  { query }: Executor,
  { userId, email }: { userId: string | null; email: string | null },
): Promise<Kept> {
  const { rows } = await query<Kept>(
    `select array(select id from oncepaid."order" where user_id = $1 or lower(email) = $2 order by id) as orders,
            array(select id from oncepaid.granted_access where user_id = $1 or email = $2 order by id) as grants,
            array(select id from oncepaid.seat where user_id = $1 or email = $2 order by id) as seats`,
    [userId, email],
  );
  return rows[0] ?? { orders: [], grants: [], seats: [] };
}
