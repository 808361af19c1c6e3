import type { Happened } from "#/hooks/happened.ts";
import type { Sql } from "#/hooks/sql.ts";

/** A handler of an app that keeps credits: two writes that have to agree. */
export async function grant({ order }: Happened<"order.fulfilled">, sql: Sql): Promise<void> {
  await sql`insert into public.credits (order_id, amount) values (${order.id}, ${100})`;
  await sql`update public.totals set amount = amount + ${100}`;
}
