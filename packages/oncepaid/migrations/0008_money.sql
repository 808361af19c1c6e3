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
