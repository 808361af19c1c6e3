-- What was paid for plans after they were bought, a row per invoice: the figures per day add these up. Reading them out of the facts
-- of each plan took a second where 100,000 were renewed in a month.
create table oncepaid.renewal (
  invoice_id text primary key,
  order_id uuid not null references oncepaid."order",
  livemode boolean not null,
  paid_at timestamptz not null,
  currency text not null,
  -- Minor units.
  amount bigint not null check (amount > 0)
);

-- Each figure stands in the index, so the table itself isn't read.
create index renewal_paid on oncepaid.renewal (paid_at) include (livemode, currency, amount);
create index renewal_order on oncepaid.renewal (order_id);

-- An invoice that was paid is a renewal unless it is the one that its session was paid with, or that was the newest when a person gave
-- the subscription its order: that one stands in the order's own amount.
create function oncepaid.renewals_of(o oncepaid."order") returns setof oncepaid.renewal language sql stable as $$
  select i.key, o.id, o.livemode, to_timestamp((i.value ->> 'paidAt')::double precision),
         coalesce(i.value ->> 'currency', o.currency), (i.value ->> 'amountPaid')::bigint
    from jsonb_each(o.facts -> 'invoices') as i
   where i.value ->> 'paidAt' is not null and (i.value ->> 'amountPaid')::bigint > 0
     and coalesce(i.value ->> 'currency', o.currency) is not null
     and not exists (select from jsonb_each(o.facts -> 'sessions') as s where s.value ->> 'invoice' = i.key)
     and not exists (select from jsonb_each(o.facts -> 'claims') as c where c.value ->> 'invoice' = i.key)
$$;

-- The session may be told after its invoice: what was taken for a renewal until then goes.
create function oncepaid.keep_renewals() returns trigger language plpgsql as $$
begin
  delete from oncepaid.renewal r
   where r.order_id = new.id
     and exists (select from jsonb_each(new.facts -> 'sessions') as s where s.value ->> 'invoice' = r.invoice_id);
  insert into oncepaid.renewal select * from oncepaid.renewals_of(new)
  on conflict (invoice_id) do update
     set paid_at = excluded.paid_at, currency = excluded.currency, amount = excluded.amount
   where (renewal.paid_at, renewal.currency, renewal.amount)
         is distinct from (excluded.paid_at, excluded.currency, excluded.amount);
  return null;
end
$$;

-- Only plans pay for this, and only where a payment is told: other orders are let go by the condition, before any function is called.
create trigger order_renewed after update of facts on oncepaid."order"
  for each row when (new.stripe_subscription_id is not null and
    (old.stripe_subscription_id, old.facts -> 'invoices', old.facts -> 'sessions')
    is distinct from (new.stripe_subscription_id, new.facts -> 'invoices', new.facts -> 'sessions'))
  execute function oncepaid.keep_renewals();

insert into oncepaid.renewal
select r.* from oncepaid."order" o cross join lateral oncepaid.renewals_of(o) as r where o.stripe_subscription_id is not null;

-- It was for the renewals among the facts, and every event of a plan had to write to it.
drop index oncepaid.order_renewed;
