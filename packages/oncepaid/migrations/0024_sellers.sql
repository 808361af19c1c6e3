-- Whose a subscription is that was made at Stripe, as its metadata says, so that it is claimed by itself; and why it wasn't, for
-- whoever looks at the list. One that was refused is tried again when Stripe tells of it anew, or after a day.
alter table oncepaid.unclaimed_subscription
  add column user_id text,
  add column refused text,
  add column tried_at timestamptz;
