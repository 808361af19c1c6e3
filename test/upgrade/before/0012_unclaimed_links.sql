-- Facts about objects that are nobody's order (another program on the same Stripe account) are let go after a while.
-- Rows that were here before count from now.
alter table stripe_link add column created_at timestamptz not null default now();

-- Nearly every row is claimed, so the index stays small.
create index stripe_link_unclaimed on stripe_link (created_at) where order_id is null;
