-- Keys of the app's other servers, beside those of its settings: each with a name, and with what it may do.
create table oncepaid.api_key (
  id uuid primary key,
  -- Timelines name who did something by it.
  name text not null check (length(name) between 1 and 60),
  -- SHA-256 of the key: whoever reads this table, or a copy of it, can't ask with it.
  digest bytea not null unique check (length(digest) = 32),
  -- The key's last characters, for people to tell keys apart.
  ending text not null check (length(ending) = 4),
  scopes text[] not null check (scopes <@ array['read', 'sell', 'support', 'operator'] and cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  created_by text not null check (length(created_by) between 1 and 300),
  -- Written at most once a minute.
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text check (length(revoked_by) between 1 and 300),
  check ((revoked_at is null) = (revoked_by is null))
);
-- A name in a timeline means one key; once it is revoked, its successor may have the name.
create unique index api_key_name on oncepaid.api_key (name) where revoked_at is null;

-- Other servers that are told what happens (docs/outbound-webhooks.md).
create table oncepaid.webhook_endpoint (
  id uuid primary key,
  -- Null for the one whose address and secret stand in the app's settings.
  url text check (length(url) <= 2000),
  description text not null default '' check (length(description) <= 200),
  -- The types it is told; null for all, also those that later versions add.
  events text[] check (cardinality(events) > 0),
  -- What is sent is signed with it, so it is kept as it is.
  secret text,
  -- The one before it signs beside it until then, so that a receiver can be changed at any moment between.
  former_secret text,
  former_secret_until timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null check (length(created_by) between 1 and 300),
  -- Nothing is sent there while it is set: somebody wanted it, or nothing was taken there for days.
  disabled_at timestamptz,
  disabled_because text check (disabled_because in ('asked', 'failing')),
  -- Since when everything that was sent there failed, and how often; null and 0 once something is taken there.
  failing_since timestamptz,
  failures integer not null default 0,
  check ((url is null) = (secret is null)),
  check ((disabled_at is null) = (disabled_because is null)),
  check ((former_secret is null) = (former_secret_until is null))
);
-- The endpoint of the settings has a row from the beginning, so that what is sent there is kept and rests like any other.
insert into oncepaid.webhook_endpoint (id, created_by) values ('00000000-0000-0000-0000-000000000000', 'settings');

-- One thing that one endpoint is told.
create table oncepaid.webhook_delivery (
  id uuid primary key,
  -- The order in which an endpoint hears of one order.
  seq bigint generated always as identity,
  endpoint_id uuid not null references oncepaid.webhook_endpoint on delete cascade,
  -- What happened. `webhook-id` is made of it, so it is the same for each endpoint and each repetition.
  key text not null,
  what jsonb not null,
  -- The order, or the access that has none: what is told of it is told in order.
  subject text not null,
  created_at timestamptz not null default now(),
  -- Nothing more is sent by itself, and what waits behind it may go.
  settled_at timestamptz,
  outcome text check (outcome in ('delivered', 'given_up', 'dropped')),
  check ((settled_at is null) = (outcome is null)),
  -- The same thing that is written twice is told once.
  unique (endpoint_id, key)
);
-- Which one goes next is asked before each is sent; those that wait are few.
create index webhook_delivery_waiting on oncepaid.webhook_delivery (endpoint_id, subject, seq) where settled_at is null;
create index webhook_delivery_listed on oncepaid.webhook_delivery (endpoint_id, seq);
create index webhook_delivery_settled on oncepaid.webhook_delivery (settled_at) where settled_at is not null;

-- One try to tell it: what was sent, and what came back. The newest tries are kept.
create table oncepaid.webhook_attempt (
  id bigint generated always as identity primary key,
  delivery_id uuid not null references oncepaid.webhook_delivery on delete cascade,
  at timestamptz not null default now(),
  milliseconds integer not null,
  request jsonb not null,
  -- Null where nobody answered; then `error` says why.
  status integer,
  answer text check (length(answer) <= 4000),
  error text check (length(error) <= 1000)
);
create index webhook_attempt_delivery on oncepaid.webhook_attempt (delivery_id, id);
