-- Everything of the engine lies in one schema. It is called oncepaid here; the name an app chose takes its place when this runs.

-- A guarded write is one statement with several parts. Where a part that must have happened did not, the whole
-- statement is undone and the writer reads again: 40001 is what PostgreSQL itself says in that case.
create function oncepaid.require(happened boolean) returns void language plpgsql as $$
begin
  if not happened then
    raise exception 'the rows moved since they were read' using errcode = 'serialization_failure';
  end if;
end
$$;

-- The order is our own record of a purchase. It is made before Stripe is called, so a payment always finds it.
create table oncepaid."order" (
  id uuid primary key,
  -- One cart of one user leads to at most one order: the second request for a cart finds the first one's order.
  cart_id text not null check (length(cart_id) between 8 and 200),
  user_id text not null check (length(user_id) between 1 and 300),
  email text,
  status text not null default 'PENDING'
    check (status in ('PENDING', 'PAID', 'FULFILLED', 'CANCELED', 'REFUNDED', 'FAILED')),
  mode text not null check (mode in ('payment', 'subscription')),
  -- Lower case ISO code and amounts in minor units; unknown until Stripe has priced the session.
  currency text check (currency = lower(currency)),
  amount_total bigint check (amount_total >= 0),
  amount_refunded bigint not null default 0 check (amount_refunded >= 0),
  -- Unique, so that one payment can never stand for two orders.
  stripe_checkout_session_id text unique,
  stripe_payment_intent_id text unique,
  stripe_subscription_id text unique,
  stripe_customer_id text,
  -- The number of the newest checkout attempt.
  attempt integer not null default 1 check (attempt >= 1),
  livemode boolean not null,
  -- Everything Stripe told us about this order, merged (src/rules/). The columns above are derived from it.
  facts jsonb not null,
  -- Moves with every write; a writer that read an older version writes nothing and reads again.
  version integer not null default 0,
  paid_at timestamptz,
  fulfilled_at timestamptz,
  -- When time alone changes the access (a grace period runs out), so that a sweep looks again.
  recheck_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The language the buyer ordered in, which is the language of what is written to them about it.
  locale text not null default 'en',
  -- Whose it was before it moved to another account, and when it did.
  moved_from text,
  moved_at timestamptz check ((moved_at is null) = (moved_from is null)),
  -- Set where the order was lost (a restored database) and made again from its Checkout Session.
  restored_at timestamptz,
  unique (user_id, cart_id)
);

-- The sweeps ask for orders that still wait for something; most orders don't, so the index stays small.
create index order_waiting on oncepaid."order" (created_at) where status in ('PENDING', 'PAID');
create index order_recheck on oncepaid."order" (recheck_at) where recheck_at is not null;
create index order_moved_from on oncepaid."order" (moved_from) where moved_from is not null;
-- Who has proven to read an address asks for what was paid under it.
create index order_email on oncepaid."order" (lower(email)) where paid_at is not null;

create table oncepaid.order_item (
  order_id uuid not null references oncepaid."order" on delete cascade,
  product_key text not null,
  quantity integer not null check (quantity between 1 and 1000000),
  -- Minor units; unknown until Stripe has priced the session.
  unit_amount bigint check (unit_amount >= 0),
  primary key (order_id, product_key)
);

-- One try to pay an order: at most one Checkout Session. The row is stored before Stripe is called, with the exact
-- parameters and key of the call, so that whoever comes after a crash repeats the same call and gets the same session.
create table oncepaid.checkout_attempt (
  order_id uuid not null references oncepaid."order" on delete cascade,
  attempt integer not null check (attempt >= 1),
  -- json, not jsonb: repeated in the same order, byte for byte.
  parameters json not null,
  idempotency_key text not null unique,
  -- Who holds the lease may talk to Stripe about this attempt; the others wait for the result or for its end.
  lease_until timestamptz,
  session_id text unique,
  url text,
  expires_at timestamptz,
  -- Set when this attempt can't be paid any more, so the next one may begin.
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  -- What the buyer's browser mounts an embedded payment page with; hosted sessions have a URL of Stripe instead. It lets
  -- whoever has it pay this session, so only the order's owner is shown it.
  client_secret text,
  primary key (order_id, attempt)
);

-- The inbox: every signed message of Stripe under its own id, with what became of it.
create table oncepaid.stripe_event (
  id text primary key,
  type text not null,
  created timestamptz not null,
  livemode boolean not null,
  api_version text,
  -- json, not jsonb: kept to the letter as it was signed, and cheaper to write.
  payload json not null,
  received_at timestamptz not null default now(),
  -- 'failed' means nothing was applied yet: Stripe and our sweep will both try again.
  outcome text not null check (outcome in ('applied', 'ignored', 'quarantined', 'failed')),
  -- Why it was ignored, quarantined or failed, in a sentence.
  error text,
  attempts integer not null default 1,
  order_id uuid references oncepaid."order"
);

create index stripe_event_order on oncepaid.stripe_event (order_id) where order_id is not null;
-- What a person or a sweep has to look at; nearly all events are 'applied' or 'ignored' and stay out of it.
create index stripe_event_open on oncepaid.stripe_event (received_at) where outcome in ('failed', 'quarantined');

-- Which order a Stripe object (payment intent, subscription, invoice) belongs to. Refunds and disputes may name only a
-- payment intent, and may come before the event that tells whose it is: then the row has no order yet and keeps the
-- facts until it is claimed.
create table oncepaid.stripe_link (
  stripe_id text primary key,
  order_id uuid references oncepaid."order",
  facts jsonb not null,
  -- Moves when facts come to wait here; -1 where an order claimed the object before anything waited.
  version integer not null,
  created_at timestamptz not null default now()
);

-- Facts about objects that are nobody's order (another program on the same Stripe account) are let go after a while.
-- Nearly every row is claimed, so the index stays small.
create index stripe_link_unclaimed on oncepaid.stripe_link (created_at) where order_id is null;

-- What a paid order gave: the only thing access checks read.
create table oncepaid.entitlement (
  id uuid primary key,
  order_id uuid not null references oncepaid."order",
  user_id text not null,
  product_key text not null,
  kind text not null check (kind in ('download', 'plan', 'booking')),
  state text not null check (state in ('active', 'suspended', 'ended')),
  quantity integer not null check (quantity >= 1),
  starts_at timestamptz not null,
  ends_at timestamptz,
  reason text,
  -- Two accounts that each had a plan became one: both were paid and granted, so both stay until one is canceled. Nothing
  -- but a move sets it.
  merged boolean not null default false,
  -- A grant is made once however often the order is fulfilled.
  unique (order_id, product_key)
);

create index entitlement_user on oncepaid.entitlement (user_id);
-- A user has a plan once. When two subscriptions to it were paid in a race, the first one grants it and the other
-- order stays PAID for a person to see; it is granted by itself once the first one has ended.
create unique index entitlement_one_plan on oncepaid.entitlement (user_id, product_key)
  where kind = 'plan' and state <> 'ended' and not merged;

-- What fulfillment did, once each: the proof that an order was granted once.
create table oncepaid.fulfillment_log (
  order_id uuid not null references oncepaid."order",
  event text not null,
  stripe_event_id text,
  actor text not null,
  before jsonb,
  after jsonb,
  at timestamptz not null default now(),
  primary key (order_id, event)
);

-- What a person wants to know about an order: what changed, when, by which event or person, before and after.
-- Unlike the fulfillment log it tells the way it went, so it depends on the order in which things were heard.
create table oncepaid.order_change (
  order_id uuid not null references oncepaid."order",
  -- The version of the order that this change made.
  version integer not null,
  at timestamptz not null default now(),
  actor text not null,
  stripe_event_id text,
  before jsonb not null,
  after jsonb not null,
  -- The rows of the fulfillment log that it caused.
  effects text[] not null,
  primary key (order_id, version)
);

-- Work that follows from a write: what the app and other servers are told, refunds we make ourselves. The row is part of the
-- statement that causes it, so it is there exactly if the write happened; a relay hands it to the queues and removes it.
create table oncepaid.outbox (
  -- The order in which work is handed on.
  id bigint generated always as identity primary key,
  queue text not null,
  -- What the work is, stable however often it is written or done: whoever receives its result dedupes on it.
  key text not null,
  data jsonb not null,
  created_at timestamptz not null default now()
);

-- Rows live for milliseconds: vacuum by their number, not by the size of a table that is nearly always empty.
alter table oncepaid.outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
