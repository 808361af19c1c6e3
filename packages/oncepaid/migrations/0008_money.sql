alter table oncepaid."order"
  -- What banks took back for good. It counts with what was refunded: an order is REFUNDED when nothing is left of what was paid.
  add column amount_lost bigint not null default 0 check (amount_lost >= 0);

-- Of the time before partial disputes were told apart: the facts know each dispute. One that was won at last took nothing.
update oncepaid."order" o set amount_lost = least(told.lost, coalesce(o.amount_total, told.lost))
  from (select d.id, sum((dispute.value ->> 'amount')::bigint) as lost
          from oncepaid."order" d cross join lateral jsonb_each(d.facts -> 'disputes') as dispute
         where dispute.value ? 'lostAt' and not dispute.value ? 'wonAt' and dispute.value ? 'amount'
         group by d.id) as told
 where told.id = o.id;

-- A price that isn't known is nobody's plan from now on. A subscription that was moved to such a price before had its plan by it, so
-- these prices become known, except where other prices stand beside: of those nobody can tell which is the plan.
insert into oncepaid.price (stripe_price_id, product_key)
select distinct on (item.price) item.price, e.product_key
  from oncepaid."order" o
 cross join lateral jsonb_each(o.facts -> 'subscriptions') as subscription
 cross join lateral (select subscription.value #>> '{items,0,price}' as price) as item
  join oncepaid.entitlement e on e.order_id = o.id and e.kind = 'plan' and e.state <> 'ended'
 where jsonb_array_length(subscription.value -> 'items') = 1 and item.price is not null
 order by item.price, e.product_key
on conflict do nothing;
