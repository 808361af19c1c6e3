-- A seat of a plan, given to a member. It hangs on the order, because a subscription may be changed to another plan and
-- its members go with it. An invitation occupies its seat until it runs out.
create table oncepaid.seat (
  -- Random, not in the order of time: it stands in the invitation's link.
  id uuid primary key,
  order_id uuid not null references oncepaid."order",
  number integer not null check (number >= 1),
  -- Lower case; only who proves to own this address can accept.
  email text not null check (email = lower(email)),
  -- The member, once the invitation was accepted: an account of the app's.
  user_id text,
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
create unique index seat_number on oncepaid.seat (order_id, number) where ended_at is null;
create function oncepaid.seat_is_sold() returns trigger language plpgsql as $$
begin
  if new.number > coalesce((select max(quantity) from oncepaid.entitlement
                             where order_id = new.order_id and kind = 'plan' and state <> 'ended'), 0) then
    raise exception 'the plan has no seat number %', new.number using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger seat_is_sold before insert on oncepaid.seat for each row execute function oncepaid.seat_is_sold();

-- An address is invited to a plan once.
create unique index seat_email on oncepaid.seat (order_id, email) where ended_at is null;
create index seat_member on oncepaid.seat (user_id) where user_id is not null;

-- Each time a link to a file was given out: what the limit counts, and what a person sees who asks how often.
create table oncepaid.download (
  id uuid primary key,
  entitlement_id uuid not null references oncepaid.entitlement on delete cascade,
  -- The key of the file in the catalog.
  file text not null,
  at timestamptz not null default now()
);

create index download_entitlement on oncepaid.download (entitlement_id, file, at);

-- An operator allows as many downloads again: only those after the newest of these count.
create table oncepaid.download_reissue (
  id uuid primary key,
  entitlement_id uuid not null references oncepaid.entitlement on delete cascade,
  by text not null,
  at timestamptz not null default now()
);

create index download_reissue_entitlement on oncepaid.download_reissue (entitlement_id, at);

-- A card gets the trial of a plan once: the first order that began one with it keeps it, and a later one is refused.
create table oncepaid.trial_card (
  product_key text not null,
  -- Stripe's fingerprint: the same for one card number whoever uses it, and no way back to the number.
  fingerprint text not null,
  order_id uuid not null references oncepaid."order",
  at timestamptz not null default now(),
  primary key (product_key, fingerprint)
);

-- How far what we hold has been compared with what Stripe says, one row per mode.
create table oncepaid.reconcile (
  livemode boolean primary key,
  -- Everything that happened at Stripe before this moment (by Stripe's clock) was compared.
  compared_until timestamptz,
  -- The comparison under way, page by page, so that another process goes on where this one died.
  under_way jsonb,
  last_report jsonb
);

-- Counters of the rate limits that must hold however many processes answer, in the shape rate-limiter-flexible expects.
-- Keys are hashed: nobody's address is kept for having asked.
create table oncepaid.rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  -- Unix milliseconds.
  expire bigint
);
