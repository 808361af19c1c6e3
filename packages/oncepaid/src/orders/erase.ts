import type { Executor } from "#/database/database.ts";

/** An order that was erased: its row stays for the books, whose it was doesn't. */
export type ErasedOrder = { id: string; version: number; locale: string };

/** Nothing of them changes until the transaction ends. In the order of their ids, as for a move. */
export async function lockOrders({ query }: Executor, ids: string[]): Promise<void> {
  await query(`select from oncepaid."order" where id = any ($1::uuid[]) order by id for update`, [ids]);
}

/**
 * Takes the person out of orders that are locked: amounts, items, times and Stripe's ids stay. `as` stands for the user. What Stripe tells
 * of the buyer later stays out too (`APPLY` in statements.ts).
 */
export async function eraseOrders({ query }: Executor, ids: string[], as: string): Promise<ErasedOrder[]> {
  const { rows } = await query<ErasedOrder>(
    `with attempts as (
       update oncepaid.checkout_attempt set parameters = '{}', url = null, client_secret = null where order_id = any ($1::uuid[])
     ), changes as (
       update oncepaid.order_change c set actor = $2 from oncepaid."order" o
        where c.order_id = o.id and o.id = any ($1::uuid[]) and c.actor = o.user_id
     ), log as (
       update oncepaid.fulfillment_log f set actor = $2 from oncepaid."order" o
        where f.order_id = o.id and o.id = any ($1::uuid[]) and f.actor = o.user_id
     ), payloads as (
       update oncepaid.stripe_event set payload = '{"removed":true}', payload_removed_at = now()
        where order_id = any ($1::uuid[]) and payload_removed_at is null and outcome in ('applied', 'ignored')
     )
     update oncepaid."order" set user_id = $2, email = null, moved_from = case when moved_from is not null then $2 end,
            facts = oncepaid.without_person(facts), erased_at = now(), version = version + 1, updated_at = now()
      where id = any ($1::uuid[]) returning id, version, locale`,
    [ids, as],
  );
  return rows;
}

/** How many one statement takes. */
const BATCH_SIZE = 1_000;

/** Removes the payloads of events that came since about orders that were erased. Returns how many that were. */
export async function removeLatePayloads({ query }: Executor): Promise<number> {
  const { rowCount } = await query(
    `update oncepaid.stripe_event set payload = '{"removed":true}', payload_removed_at = now() where id in
       (select e.id from oncepaid."order" o join oncepaid.stripe_event e on e.order_id = o.id
         where o.erased_at is not null and e.payload_removed_at is null and e.outcome in ('applied', 'ignored')
         limit $1 for update of e skip locked)`,
    [BATCH_SIZE],
  );
  return rowCount;
}
