-- What a person wants to know about an order: what changed, when, by which event or person, before and after.
-- Unlike the fulfilment log it tells the way it went, so it depends on the order in which things were heard.
create table order_change (
  order_id uuid not null references "order",
  -- The version of the order that this change made.
  version integer not null,
  at timestamptz not null default now(),
  actor text not null,
  stripe_event_id text,
  before jsonb not null,
  after jsonb not null,
  -- The rows of the fulfilment log that it caused.
  effects text[] not null,
  primary key (order_id, version)
);
