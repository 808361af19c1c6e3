-- How far what we hold has been compared with what Stripe says, one row per mode.
create table reconcile (
  livemode boolean primary key,
  -- Everything that happened at Stripe before this moment (by Stripe's clock) was compared.
  compared_until timestamptz,
  -- The comparison under way, page by page, so that another process goes on where this one died.
  under_way jsonb,
  last_report jsonb
);

-- Set where the order was lost (a restored database) and made again from its Checkout Session.
alter table "order" add column restored_at timestamptz;
