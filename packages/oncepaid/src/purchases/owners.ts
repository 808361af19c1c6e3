import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";

/** Whose an order is, for an app that decides whether it is to move. */
export type Ownership = {
  orderId: string;
  userId: string;
  /** It was another account's before. */
  moved: boolean;
  /** It was lost with a part of the database and made again, so its account may be lost too. */
  restored: boolean;
  /** Where it was paid: the address Stripe collected, in lower case. */
  email: string | null;
};

const OWNERSHIP = `select id as "orderId", user_id as "userId", moved_from is not null as moved,
                          restored_at is not null as restored, lower(email) as email from oncepaid."order"`;

/** Of one paid order; undefined while it isn't paid. */
export async function ownershipOf(engine: Engine, orderId: string): Promise<Ownership | undefined> {
  if (!isUuid(orderId)) return undefined;
  const { rows } = await engine.database.query<Ownership>(
    `${OWNERSHIP} where id = $1 and paid_at is not null`,
    [orderId],
  );
  return rows[0];
}

/** Of everything that was paid under an address, given in lower case. */
export async function ownershipsUnder(engine: Engine, email: string): Promise<Ownership[]> {
  const { rows } = await engine.database.query<Ownership>(
    `${OWNERSHIP} where lower(email) = $1 and paid_at is not null order by id`,
    [email],
  );
  return rows;
}

/** Those of the users who have an order, an entitlement or a seat. */
export async function ownersAmong(engine: Engine, userIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await engine.database.query<{ id: string }>(
    `select id from unnest($1::text[]) as u(id)
      where exists (select from oncepaid."order" o where o.user_id = u.id)
         or exists (select from oncepaid.entitlement e where e.user_id = u.id)
         or exists (select from oncepaid.seat s where s.user_id = u.id)`,
    [userIds],
  );
  return new Set(rows.map(({ id }) => id));
}
