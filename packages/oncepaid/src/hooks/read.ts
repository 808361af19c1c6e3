import type { Executor } from "#/database/database.ts";
import type { HookEntitlement, HookOrder } from "#/hooks/happened.ts";
import { type Happening, isAboutNoOrder } from "#/rules/happenings.ts";

/**
 * The order something happened to, read on the connection that writes it: as it is within the transaction. Access that was given has
 * none.
 */
export async function readOrder(
  { query }: Executor,
  happening: Happening,
): Promise<{ order: HookOrder | null; entitlements: HookEntitlement[] }> {
  if (isAboutNoOrder(happening.type)) return { order: null, entitlements: [] };
  const { rows } = await query<{ order: HookOrder | null; entitlements: HookEntitlement[] }>(ORDER, [
    "orderId" in happening ? happening.orderId : null,
    "entitlementId" in happening ? happening.entitlementId : null,
    "seatId" in happening ? happening.seatId : null,
  ]);
  const [row] = rows;
  if (!row || (!row.order && row.entitlements.length === 0)) {
    throw new Error(`There is no order for ${happening.type}.`);
  }
  return row;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const iso = (column: string) => `to_char(${column} at time zone 'UTC', ${ISO})`;

const ORDER = `
  select case when o.id is not null then json_build_object(
           'id', o.id, 'userId', o.user_id, 'email', o.email, 'status', o.status, 'cartId', o.cart_id,
           'version', o.version, 'amountTotal', o.amount_total, 'amountRefunded', o.amount_refunded, 'amountLost', o.amount_lost,
           'currency', o.currency, 'locale', o.locale, 'paidAt', ${iso("o.paid_at")},
           'fulfilledAt', ${iso("o.fulfilled_at")},
           'items', (select coalesce(json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity,
                                                               'unitAmount', i.unit_amount) order by i.product_key), '[]')
                       from oncepaid.order_item i where i.order_id = o.id)) end as "order",
         (select coalesce(json_agg(json_build_object(
                   'id', e.id, 'userId', e.user_id, 'productKey', e.product_key, 'kind', e.kind, 'state', e.state,
                   'quantity', e.quantity, 'startsAt', ${iso("e.starts_at")}, 'endsAt', ${iso("e.ends_at")},
                   'reason', e.reason) order by e.product_key), '[]')
            from oncepaid.entitlement e where e.order_id = o.id or (e.id = $2::uuid and e.order_id is null)) as entitlements
    from (select 1) as one
    left join oncepaid."order" o
      on o.id = coalesce($1::uuid, (select order_id from oncepaid.entitlement where id = $2::uuid),
                         (select order_id from oncepaid.seat where id = $3::uuid))`;
