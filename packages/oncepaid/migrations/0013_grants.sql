-- Access that support gave to a person: there is no order and nothing was paid (docs/decisions/0033-access-without-an-order.md).
create table oncepaid.granted_access (
  -- Its entitlement has the same id.
  id uuid primary key,
  product_key text not null,
  -- A date is booked, never given: its places are counted by its bookings.
  kind text not null check (kind in ('download', 'plan')),
  -- Nobody's yet where it was given to an address: whoever proves to read it gets it.
  user_id text check (length(user_id) between 1 and 300),
  email text check (email = lower(email)),
  -- The access ends by itself then; never, where there is none.
  until timestamptz,
  by text not null check (length(by) between 1 and 300),
  note text check (length(note) <= 2000),
  at timestamptz not null default now(),
  -- Set where it was ended before its time.
  ended_at timestamptz,
  -- Grows with every change, so that each is told once.
  version integer not null default 0,
  check (user_id is not null or email is not null)
);

-- Who has proven an address asks what waits for them; what belongs to somebody stays out of it.
create index granted_access_waiting on oncepaid.granted_access (email) where user_id is null;
create index granted_access_user on oncepaid.granted_access (user_id) where user_id is not null;

-- What is used is an entitlement like any other: of an order, or of such a row.
alter table oncepaid.entitlement alter column order_id drop not null;
alter table oncepaid.entitlement add column grant_id uuid unique references oncepaid.granted_access;
alter table oncepaid.entitlement add constraint entitlement_of_one check (num_nonnulls(order_id, grant_id) = 1);

-- A plan is bought once. One that was given stands beside it: whoever tries a plan for a month may buy it meanwhile.
drop index oncepaid.entitlement_one_plan;
create unique index entitlement_one_plan on oncepaid.entitlement (user_id, product_key)
  where kind = 'plan' and state <> 'ended' and not merged and order_id is not null;

-- The sweep asks which of those are over; there are few.
create index entitlement_granted_until on oncepaid.entitlement (ends_at) where grant_id is not null and state <> 'ended';

-- What support did about access that has no order stands under the access.
alter table oncepaid.support_action alter column order_id drop not null;
alter table oncepaid.support_action add column entitlement_id uuid;
alter table oncepaid.support_action add check (order_id is not null or entitlement_id is not null);
alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim'));
create index support_action_entitlement on oncepaid.support_action (entitlement_id, at) where entitlement_id is not null;
