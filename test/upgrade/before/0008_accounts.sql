-- Counters of the rate limits that must hold however many processes answer, in the shape rate-limiter-flexible expects.
-- Keys are hashed: nobody's address is kept for having asked.
create table rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  -- Unix milliseconds.
  expire bigint
);

-- A visitor who signed in: whatever still reaches the anonymous account afterwards (a payment on its way, a request in
-- flight) follows to the account it moved to.
create table visitor_move (
  visitor_id text primary key references "user" on delete cascade,
  user_id text not null references "user" on delete cascade,
  at timestamptz not null default now()
);

-- The anonymous account an order was bought with, once it moved: that browser is told to sign in.
alter table "order" add column moved_from text;
alter table "order" add column moved_at timestamptz check ((moved_at is null) = (moved_from is null));
create index order_moved_from on "order" (moved_from) where moved_from is not null;

-- A verified sign-in asks for what was paid under its address.
create index order_email on "order" (lower(email)) where paid_at is not null;

-- A user has a plan once, except where two accounts that each had it became one: both were paid and granted, so both
-- stay until one is canceled. Nothing but a move sets it.
alter table entitlement add column merged boolean not null default false;
drop index entitlement_one_plan;
create unique index entitlement_one_plan on entitlement (user_id, product_key)
  where kind = 'plan' and state <> 'ended' and not merged;

-- A seat of a plan, given to a member. It hangs on the order, because a subscription may be changed to another plan and
-- its members go with it. An invitation occupies its seat until it runs out.
create table seat (
  -- Random, not in the order of time: it stands in the invitation's link.
  id uuid primary key,
  order_id uuid not null references "order",
  number integer not null check (number >= 1),
  -- Lower case; only who proves to own this address can accept.
  email text not null check (email = lower(email)),
  -- The member, once the invitation was accepted.
  user_id text references "user",
  invited_at timestamptz not null default now(),
  -- How many invitations were mailed for it, and until when the newest one can be accepted.
  mails integer not null default 1 check (mails >= 1),
  expires_at timestamptz not null,
  joined_at timestamptz check ((joined_at is null) = (user_id is null)),
  ended_at timestamptz,
  end_reason text check (end_reason in ('removed', 'left', 'expired')),
  check ((ended_at is null) = (end_reason is null))
);

-- The guard that holds without any lock: a number is given once and is never above the plan's quantity, so a plan of
-- five can't have a sixth member.
create unique index seat_number on seat (order_id, number) where ended_at is null;
create function seat_is_sold() returns trigger language plpgsql as $$
begin
  if new.number > coalesce((select max(quantity) from entitlement
                             where order_id = new.order_id and kind = 'plan' and state <> 'ended'), 0) then
    raise exception 'the plan has no seat number %', new.number using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger seat_is_sold before insert on seat for each row execute function seat_is_sold();

-- An address is invited to a plan once.
create unique index seat_email on seat (order_id, email) where ended_at is null;
create index seat_member on seat (user_id) where user_id is not null;
