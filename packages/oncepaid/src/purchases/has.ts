import type { Engine } from "#/engine.ts";

/**
 * Whether a user may use a product at this moment: bought, or as a member of somebody's plan. It is what `entitlementsOf` lists
 * as active, answered by one indexed query.
 */
export async function has(engine: Engine, userId: string, productKey: string): Promise<boolean> {
  const { rows } = await engine.database.query<{ has: boolean }>({ ...HAS, values: [userId, productKey] });
  return rows[0]?.has ?? false;
}

/** Of more members than seats, those who joined first have one. A buyer with a seat of the own plan has it by the purchase already. */
export const HAS = {
  name: "has",
  text: `
    select exists (
      select from oncepaid.entitlement e
       where e.user_id = $1 and e.product_key = $2 and e.state = 'active'
    ) or exists (
      select from oncepaid.seat s
        join oncepaid.entitlement e on e.order_id = s.order_id and e.product_key = $2 and e.kind = 'plan'
         and e.state = 'active'
       where s.user_id = $1 and s.ended_at is null
         and (select count(*) from oncepaid.seat m
               where m.order_id = s.order_id and m.ended_at is null
                 and (m.joined_at, m.id) <= (s.joined_at, s.id)) <= e.quantity
    ) as has`,
};
