-- What had left the catalog was not taken back: an order was given back whole, or its plan was changed, and access went on. Such orders are
-- looked at once more, and so are some that are right as they are. Those that stand at PAID are looked at anyhow. It is in an hour: the
-- processes from before the update are at work until they are replaced, and would look as they always did.
update oncepaid."order" set recheck_at = now() + interval '1 hour'
 where fulfilled_at is not null
   and id in (select e.order_id from oncepaid."order" o join oncepaid.entitlement e on e.order_id = o.id
               where o.status = 'REFUNDED' and e.state <> 'ended'
               union all
              select order_id from oncepaid.entitlement where kind = 'plan' and state <> 'ended' and order_id is not null
               group by order_id having count(*) > 1);
