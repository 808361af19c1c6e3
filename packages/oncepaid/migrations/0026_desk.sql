-- The desk's lists of Stripe's events, the newest first (src/desk/events.ts): all of them, those of one type, those that were
-- ignored. What failed or waits in quarantine has stripe_event_open.
create index stripe_event_newest on oncepaid.stripe_event (received_at, id);
create index stripe_event_type on oncepaid.stripe_event (type, received_at, id);
create index stripe_event_ignored on oncepaid.stripe_event (received_at, id) where outcome = 'ignored';

-- The desk's list of plans, the newest first, of any product or of one, and those that rest or have ended (src/desk/plans.ts).
create index entitlement_plan on oncepaid.entitlement (id) where kind = 'plan';
create index entitlement_plan_product on oncepaid.entitlement (product_key, id) where kind = 'plan';

create index entitlement_plan_state on oncepaid.entitlement (state, id) where kind = 'plan' and state in ('suspended', 'ended');

-- What looks after the shop by itself or by a command said the last time: "doctor", or "sweep: " with its name. The comparison with
-- Stripe has its own row (reconcile), because it can be stopped and goes on.
create table oncepaid.last_report (
  what text primary key check (length(what) between 1 and 200),
  at timestamptz not null default now(),
  result jsonb not null
);
