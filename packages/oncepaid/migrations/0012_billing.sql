-- What is done at Stripe about a subscription whose plan gives no access any more. It is written before Stripe is asked: whoever comes
-- after a crash finds what was begun, also where Stripe has told of the subscription's end meanwhile.
create table oncepaid.billing_stop (
  stripe_subscription_id text not null,
  -- The dispute, the ruling, the refund or the charge, or 'duplicate': the buyer has the plan through another order.
  cause text not null,
  order_id uuid not null references oncepaid."order",
  action text not null check (action in ('canceled', 'paused', 'left')),
  at timestamptz not null default now(),
  -- Set when Stripe has done it and whoever it concerns is told: once.
  done_at timestamptz,
  primary key (stripe_subscription_id, cause)
);
-- A subscription ends once, whatever else ends its access at the same moment; its buyer is told once.
create unique index billing_stop_canceled on oncepaid.billing_stop (stripe_subscription_id) where action = 'canceled';
create index billing_stop_order on oncepaid.billing_stop (order_id);

-- Billing is looked after from now on where a plan's access ends for good. What had happened before was seen by people, or not, and
-- nothing is to follow from it today: it counts as done.
insert into oncepaid.fulfillment_log (order_id, event, actor, before, after)
select o.id, told.event, 'upgrade', jsonb_build_object('status', o.status), jsonb_build_object('status', o.status)
  from oncepaid."order" o
 cross join lateral (
   select 'billing.checked ' || key as event from jsonb_each(o.facts -> 'disputes') where value ? 'lostAt'
    union all
   select 'billing.checked ' || key from jsonb_each(o.facts -> 'rulings') where value ->> 'access' = 'ended'
    union all
   select 'billing.checked ' || key from jsonb_each(o.facts -> 'refunds')
    union all
   select 'billing.checked ' || key from jsonb_each(o.facts -> 'charges')
    where (value ->> 'refunded')::bigint >= (value ->> 'amount')::bigint
    union all
   select 'plan.duplicate'
    where o.status = 'PAID'
      and exists (select from oncepaid.entitlement e
                    join oncepaid.order_item i on i.order_id = o.id and i.product_key = e.product_key
                   where e.user_id = o.user_id and e.order_id <> o.id and e.kind = 'plan' and e.state <> 'ended')) as told
 where o.mode = 'subscription'
on conflict do nothing;

-- When Stripe last said that the session of an attempt is open: it may have been ended there since, and nobody has told us yet.
alter table oncepaid.checkout_attempt add column seen_open_at timestamptz;

-- Customers that were deleted at Stripe: nothing is sold to them again, their buyers get a new one.
create table oncepaid.deleted_customer (
  stripe_customer_id text primary key,
  at timestamptz not null default now()
);

-- Subscriptions to a plan of the catalog that no checkout of ours has made: from the dashboard, a payment link, an import. They wait for
-- somebody to say whose they are.
create table oncepaid.unclaimed_subscription (
  stripe_subscription_id text primary key,
  stripe_customer_id text,
  -- The plan whose price it has.
  product_key text not null,
  -- Its newest state, as the facts of an order know it.
  state jsonb not null,
  seen_at timestamptz not null default now()
);
