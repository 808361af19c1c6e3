-- The order is our own record of a purchase. It is made before Stripe is called, so a payment always finds it.
create table "order" (
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
  -- Everything Stripe told us about this order, merged (src/orders/order.ts). The columns above are derived from it.
  facts jsonb not null,
  -- Moves with every write; a writer that read an older version writes nothing and reads again.
  version integer not null default 0,
  paid_at timestamptz,
  fulfilled_at timestamptz,
  -- When time alone changes the access (a grace period runs out), so that a sweep looks again.
  recheck_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, cart_id)
);

-- The sweeps ask for orders that still wait for something; most orders don't, so the index stays small.
create index order_waiting on "order" (created_at) where status in ('PENDING', 'PAID');

create index order_recheck on "order" (recheck_at) where recheck_at is not null;

create table order_item (
  order_id uuid not null references "order" on delete cascade,
  product_key text not null,
  quantity integer not null check (quantity between 1 and 1000000),
  -- Minor units; unknown until Stripe has priced the session.
  unit_amount bigint check (unit_amount >= 0),
  primary key (order_id, product_key)
);

-- One try to pay an order: at most one Checkout Session. The row is stored before Stripe is called, with the exact
-- parameters and key of the call, so that whoever comes after a crash repeats the same call and gets the same session.
create table checkout_attempt (
  order_id uuid not null references "order" on delete cascade,
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
  primary key (order_id, attempt)
);

-- The inbox: every signed message of Stripe under its own id, with what became of it.
create table stripe_event (
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
  order_id uuid references "order"
);

create index stripe_event_order on stripe_event (order_id) where order_id is not null;
-- What a person or a sweep has to look at; nearly all events are 'applied' or 'ignored' and stay out of it.
create index stripe_event_open on stripe_event (received_at) where outcome in ('failed', 'quarantined');

-- Which order a Stripe object (payment intent, subscription, invoice) belongs to. Refunds and disputes may name only a
-- payment intent, and may come before the event that tells whose it is: then the row has no order yet and keeps the
-- facts until it is claimed.
create table stripe_link (
  stripe_id text primary key,
  order_id uuid references "order",
  facts jsonb not null,
  -- Moves when facts come to wait here; -1 where an order claimed the object before anything waited.
  version integer not null
);

-- What a paid order gave: the only thing access checks read.
create table entitlement (
  id uuid primary key,
  order_id uuid not null references "order",
  user_id text not null,
  product_key text not null,
  kind text not null check (kind in ('download', 'plan', 'booking')),
  state text not null check (state in ('active', 'suspended', 'ended')),
  quantity integer not null check (quantity >= 1),
  starts_at timestamptz not null,
  ends_at timestamptz,
  reason text,
  -- A grant is made once however often the order is fulfilled.
  unique (order_id, product_key)
);

create index entitlement_user on entitlement (user_id);

-- What fulfilment did, once each: the proof that an order was granted once.
create table fulfillment_log (
  order_id uuid not null references "order",
  event text not null,
  stripe_event_id text,
  actor text not null,
  before jsonb,
  after jsonb,
  at timestamptz not null default now(),
  primary key (order_id, event)
);
