-- Early fraud warnings are heard from now on. What Stripe told of before was seen in its dashboard, or not: a comparison that finds it
-- in Stripe's list causes nothing. Unix seconds.
insert into oncepaid.setting (key, value) values ('fraud_warnings_since', extract(epoch from now())::bigint::text);

-- When collection goes on again, where it was paused because the access had ended and the access was given back.
alter table oncepaid.billing_stop add column resumed_at timestamptz;

-- The desk's list of payments a person has to look at; of a hundred orders hardly one is in it.
create index order_warned on oncepaid."order" (id)
  where facts ? 'warnings' and status = 'FULFILLED' and amount_refunded = 0 and facts -> 'disputes' = '{}';
