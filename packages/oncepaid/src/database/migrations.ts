/** Made of migrations/*.sql by scripts/migrations.ts; by name, in the order they are applied. */
export const MIGRATIONS: Readonly<Record<string, string>> = {
  "0001_orders": `-- Everything of the engine lies in one schema. It is called oncepaid here; the name an app chose takes its place when this runs.

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
`,
  "0002_bookings": `-- A date with a number of places: what a booking product sells.
create table oncepaid.slot (
  id uuid primary key,
  product_key text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- An IANA name (Asia/Kolkata): where it takes place, which is how its time is told to people.
  time_zone text not null,
  -- An address or a link, as buyers see it.
  place text not null check (length(place) between 1 and 500),
  capacity integer not null check (capacity between 1 and 1000000),
  -- Places held and booked. A trigger on booking keeps it, so no writer can forget to.
  taken integer not null default 0 check (taken >= 0),
  canceled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Whatever the code does, on however many machines: more places than there are can't be written.
  constraint slot_not_oversold check (taken <= capacity),
  constraint slot_ends_after_start check (ends_at > starts_at),
  -- What a booking refers to, so that it can't be in another product's slot.
  unique (id, product_key)
);

-- What buyers are shown: the dates of a product that are still to come.
create index slot_upcoming on oncepaid.slot (product_key, starts_at) where canceled_at is null;

-- The places of an order in a slot: held while its session can be paid, booked once it is.
create table oncepaid.booking (
  -- An order is for one slot at most.
  order_id uuid primary key references oncepaid."order",
  slot_id uuid not null,
  product_key text not null,
  places integer not null check (places >= 1),
  -- 'refused': it was paid when no place was left; the money goes back.
  state text not null check (state in ('held', 'booked', 'released', 'refused')),
  -- When the session it is held for ends, by the time we asked Stripe for. A delayed payment holds it longer.
  held_until timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (slot_id, product_key) references oncepaid.slot (id, product_key)
);

create index booking_slot on oncepaid.booking (slot_id);
-- Holds whose time is over and of which nothing was heard: the sweep asks for those, and there are few.
create index booking_held on oncepaid.booking (held_until) where state = 'held';

-- Lock order: the order's row, its booking, then the slot. Two slots are touched in the order of their ids, so that two
-- orders that change places with each other don't wait for one another.
create function oncepaid.keep_slot_taken() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select slot_id, sum(places)::integer as places, bool_or(takes) as takes
      from (values
        (old.slot_id, case when old.state in ('held', 'booked') then -old.places else 0 end, false),
        (new.slot_id, case when new.state in ('held', 'booked') then new.places else 0 end,
         new.state in ('held', 'booked'))
      ) as moved (slot_id, places, takes)
     where slot_id is not null
     group by slot_id
     order by slot_id
  loop
    update oncepaid.slot set taken = taken + touched.places
     where id = touched.slot_id
       -- Nothing is held or booked in a slot that is canceled, and no further place in one that has begun. This row
       -- lock is also what a cancellation waits for, so it sees every booking there is.
       and (not touched.takes or (canceled_at is null and (touched.places <= 0 or starts_at > now())));
    if not found then
      raise exception 'slot % is canceled or has begun', touched.slot_id
        using errcode = 'check_violation', constraint = 'slot_open';
    end if;
  end loop;
  return null;
end
$$;

create trigger booking_taken after insert or delete or update of slot_id, places, state on oncepaid.booking
  for each row execute function oncepaid.keep_slot_taken();

create function oncepaid.refuse_taken_by_hand() returns trigger language plpgsql as $$
begin
  raise exception 'slot.taken follows from the bookings; nobody else writes it' using errcode = 'check_violation';
end
$$;

-- Depth 0 is a statement of somebody's own; the bookings' trigger writes at depth 1.
create trigger slot_taken_by_hand before update of taken on oncepaid.slot
  for each row when (pg_trigger_depth() = 0 and old.taken is distinct from new.taken)
  execute function oncepaid.refuse_taken_by_hand();

create trigger slot_starts_empty before insert on oncepaid.slot
  for each row when (new.taken <> 0)
  execute function oncepaid.refuse_taken_by_hand();
`,
  "0003_access": `-- A seat of a plan, given to a member. It hangs on the order, because a subscription may be changed to another plan and
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
`,
  "0004_invited_by": `-- The address of who gave a seat, which the invitation names; for seats given before this, the one the plan was paid under.
alter table oncepaid.seat add column invited_by text;
`,
  "0005_prices": `-- A product may have several prices, and a price at Stripe never changes: another amount is another price, while subscriptions go
-- on under the one they were sold.
alter table oncepaid.order_item
  -- The price's name in the catalog ("month"), for whoever reads the order. Unknown where the order is older than this column, or
  -- was made again from a session whose price has left the catalog.
  add column price text,
  -- The price at Stripe, as it was when the attempt began. An open payment page is handed out again only while it asks for what
  -- the cart costs now, and Stripe's answer names the unit amounts by it.
  add column stripe_price_id text;

-- Every price that something was, or could have been, sold under. Stripe's events name prices by id only: without this row nobody
-- could tell which plan a subscription has whose price was replaced since, or was found by another process.
create table oncepaid.price (
  stripe_price_id text primary key,
  product_key text not null,
  -- Its name in the catalog; unknown for what was sold before prices had names.
  name text
);

-- What was sold before: the exact call to Stripe is kept with each attempt, and names lines and products in the same order.
update oncepaid.order_item i set stripe_price_id = sold.price
  from (select a.order_id, line.value ->> 'price' as price, product.key
          from oncepaid."order" o
          join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
         cross join lateral json_array_elements(a.parameters -> 'line_items') with ordinality as line(value, n)
          join lateral unnest(string_to_array(a.parameters #>> '{metadata,product_key}', ',')) with ordinality
               as product(key, n) on product.n = line.n) as sold
 where sold.order_id = i.order_id and sold.key = i.product_key;

insert into oncepaid.price (stripe_price_id, product_key)
select distinct on (stripe_price_id) stripe_price_id, product_key from oncepaid.order_item
 where stripe_price_id is not null order by stripe_price_id, product_key;
`,
  "0006_settings": `-- What belongs to this database and to no other, made once and never changed.
create table oncepaid.setting (
  key text primary key,
  value text not null
);

insert into oncepaid.setting (key, value) values
  -- Several shops may sell through one Stripe account, a test installation beside the real one for example. Stripe tells each of
  -- them of all payments; by this id in the metadata of a payment each knows its own.
  ('shop', gen_random_uuid()::text),
  -- Signs cookies and links where the app gives no secret of its own: 64 hexadecimal digits, 244 random bits.
  ('secret', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
`,
  "0008_money": `alter table oncepaid."order"
  -- What banks took back for good. It counts with what was refunded: an order is REFUNDED when nothing is left of what was paid.
  add column amount_lost bigint not null default 0 check (amount_lost >= 0);

-- Of the time before partial disputes were told apart: the facts know each dispute. One that was won at last took nothing.
update oncepaid."order" o set amount_lost = least(told.lost, coalesce(o.amount_total, told.lost))
  from (select d.id, sum((dispute.value ->> 'amount')::bigint) as lost
          from oncepaid."order" d cross join lateral jsonb_each(d.facts -> 'disputes') as dispute
         where dispute.value ? 'lostAt' and not dispute.value ? 'wonAt' and dispute.value ? 'amount'
         group by d.id) as told
 where told.id = o.id;

-- A price that isn't known is nobody's plan from now on. A subscription that was moved to such a price before had its plan by it, so
-- these prices become known, except where other prices stand beside: of those nobody can tell which is the plan.
insert into oncepaid.price (stripe_price_id, product_key)
select distinct on (item.price) item.price, e.product_key
  from oncepaid."order" o
 cross join lateral jsonb_each(o.facts -> 'subscriptions') as subscription
 cross join lateral (select subscription.value #>> '{items,0,price}' as price) as item
  join oncepaid.entitlement e on e.order_id = o.id and e.kind = 'plan' and e.state <> 'ended'
 where jsonb_array_length(subscription.value -> 'items') = 1 and item.price is not null
 order by item.price, e.product_key
on conflict do nothing;
`,
  "0010_desk": `-- What operators search orders by. Each index names the query it is for (src/desk/).

-- One index for both: who proved to read an address asks for what was paid under it, and an operator types how one begins
-- (lower(email) like 'ada%'), which only this operator class answers from an index.
drop index oncepaid.order_email;
create index order_email on oncepaid."order" (lower(email) text_pattern_ops) where email is not null;

-- "asha ra": the words a buyer's name has, the last one as far as it is typed. A name is known once the page was completed.
create index order_name on oncepaid."order"
  using gin (to_tsvector('simple', jsonb_path_query_array(facts, '$.sessions.*.name')))
  where paid_at is not null;

-- A customer's id, copied from Stripe's dashboard. Nobody else searches by it.
create index order_customer on oncepaid."order" (stripe_customer_id) where stripe_customer_id is not null;

-- The list by status, the newest first. What waits is few and has an index; what is fulfilled is nearly everything, so the
-- primary key finds it at once.
create index order_status on oncepaid."order" (status, id) where status in ('CANCELED', 'REFUNDED', 'FAILED');

-- The list by product, the newest first.
create index order_item_product on oncepaid.order_item (product_key, order_id);

-- A refund, a dispute or a charge by its id: "refund.created re_1". What happens to the order as a whole names no object
-- and stays out, and that is all that happens to most orders.
create index fulfillment_log_object on oncepaid.fulfillment_log (split_part(event, ' ', 2))
  where position(' ' in event) > 0;

-- The figures per day: what was given back, and which subscriptions ended.
create index fulfillment_log_object_at on oncepaid.fulfillment_log (at) where position(' ' in event) > 0;

-- The figures per day: what was paid.
create index order_paid on oncepaid."order" (paid_at) where paid_at is not null;

-- The figures per day: renewals, which are facts of orders that changed since.
create index order_renewed on oncepaid."order" (updated_at) where stripe_subscription_id is not null;
`,
  "0011_support": `-- What support did about an order, each with who asked for it. It is written before Stripe is asked, with the job that carries it
-- out: whatever dies meanwhile, it is carried out once.
create table oncepaid.support_action (
  -- Stripe's idempotency key is made from it, and it stands in the metadata of what is made there.
  id uuid primary key,
  order_id uuid not null references oncepaid."order",
  what text not null check (what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'move', 'claim')),
  -- As the caller sent it, to tell a repetition under the same key from another request.
  asked jsonb not null,
  -- What is to be done, as it was decided then: the payment and how much of it, the subscription.
  call jsonb not null,
  by text not null check (length(by) between 1 and 300),
  note text check (length(note) <= 2000),
  -- The caller's own name for the request (Idempotency-Key): a second one under it is the same request.
  key text unique check (length(key) between 1 and 255),
  at timestamptz not null default now(),
  -- Set before Stripe is asked: whoever comes after a crash looks first whether it was done.
  tried_at timestamptz,
  done_at timestamptz,
  -- What Stripe made of it.
  stripe_id text,
  -- Why it will never be done, in Stripe's words.
  refused text,
  check (done_at is null or refused is null)
);

-- The timeline of an order, and what of its refunds is still on its way.
create index support_action_order on oncepaid.support_action (order_id, at);

-- An address that was corrected stays: the one Stripe collected is told again with every event.
alter table oncepaid."order" add column email_corrected_at timestamptz;

-- orders({ userId }): a user's orders, the newest first.
create index order_user on oncepaid."order" (user_id, id);
`,
  "0012_billing": `-- What is done at Stripe about a subscription whose plan gives no access any more. It is written before Stripe is asked: whoever comes
-- after a crash finds what was begun, also where Stripe has told of the subscription's end meanwhile.
create table oncepaid.billing_stop (
  stripe_subscription_id text not null,
  -- The dispute, the ruling, the refund or the charge, or 'duplicate': the buyer has the plan through another order.
  cause text not null,
  order_id uuid not null references oncepaid."order",
  action text not null check (action in ('canceled', 'paused', 'left')),
  at timestamptz not null default now(),
  -- Set when Stripe has done it and whoever it concerns is told: once.
  done_at timestamptz,
  primary key (stripe_subscription_id, cause)
);
-- A subscription ends once, whatever else ends its access at the same moment; its buyer is told once.
create unique index billing_stop_canceled on oncepaid.billing_stop (stripe_subscription_id) where action = 'canceled';
create index billing_stop_order on oncepaid.billing_stop (order_id);

-- Billing is looked after from now on where a plan's access ends for good. What had happened before was seen by people, or not, and
-- nothing is to follow from it today: it counts as done.
insert into oncepaid.fulfillment_log (order_id, event, actor, before, after)
select o.id, told.event, 'upgrade', jsonb_build_object('status', o.status), jsonb_build_object('status', o.status)
  from oncepaid."order" o
 cross join lateral (
   select 'billing.checked ' || key as event from jsonb_each(o.facts -> 'disputes') where value ? 'lostAt'
    union all
   select 'billing.checked ' || key from jsonb_each(o.facts -> 'rulings') where value ->> 'access' = 'ended'
    union all
   select 'billing.checked ' || key from jsonb_each(o.facts -> 'refunds')
    union all
   select 'billing.checked ' || key from jsonb_each(o.facts -> 'charges')
    where (value ->> 'refunded')::bigint >= (value ->> 'amount')::bigint
    union all
   select 'plan.duplicate'
    where o.status = 'PAID'
      and exists (select from oncepaid.entitlement e
                    join oncepaid.order_item i on i.order_id = o.id and i.product_key = e.product_key
                   where e.user_id = o.user_id and e.order_id <> o.id and e.kind = 'plan' and e.state <> 'ended')) as told
 where o.mode = 'subscription'
on conflict do nothing;

-- When Stripe last said that the session of an attempt is open: it may have been ended there since, and nobody has told us yet.
alter table oncepaid.checkout_attempt add column seen_open_at timestamptz;

-- Customers that were deleted at Stripe: nothing is sold to them again, their buyers get a new one.
create table oncepaid.deleted_customer (
  stripe_customer_id text primary key,
  at timestamptz not null default now()
);

-- Subscriptions to a plan of the catalog that no checkout of ours has made: from the dashboard, a payment link, an import. They wait for
-- somebody to say whose they are.
create table oncepaid.unclaimed_subscription (
  stripe_subscription_id text primary key,
  stripe_customer_id text,
  -- The plan whose price it has.
  product_key text not null,
  -- Its newest state, as the facts of an order know it.
  state jsonb not null,
  seen_at timestamptz not null default now()
);
`,
  "0013_grants": `-- Access that support gave to a person: there is no order and nothing was paid (docs/decisions/0033-access-without-an-order.md).
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
`,
  "0013_persons": `-- What is told of a person who was erased stays out: Stripe may tell it again, with an event that comes once more or late.
alter table oncepaid."order" add column erased_at timestamptz;
-- Payloads that came since; the sweep removes them.
create index order_erased on oncepaid."order" (id) where erased_at is not null;

-- The facts of an order without whose they are: what a session, or a subscription made by hand, said of its buyer.
create function oncepaid.without_person(facts jsonb) returns jsonb language sql immutable as $$
  select facts || (
    select jsonb_object_agg(kind.key, (
             select coalesce(jsonb_object_agg(one.key, one.value - 'email' - 'name'), '{}') from jsonb_each(kind.value) as one))
      from jsonb_each(facts) as kind where kind.key in ('sessions', 'claims'))
$$;

alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim', 'erase'));
`,
  "0014_hold_limits": `-- Who holds places without having proven an address, as a keyed hash of the network the request came from; null for everybody
-- else. Counted, so that nobody keeps a whole app's dates from other buyers without paying for one (src/orders/hold-limits.ts).
alter table oncepaid.booking add column stranger text;

create index booking_stranger on oncepaid.booking (stranger) where state = 'held' and stranger is not null;

-- Where somebody came from is of no use once the places are booked or free again.
create function oncepaid.forget_stranger() returns trigger language plpgsql as $$
begin
  new.stranger := null;
  return new;
end
$$;

create trigger booking_forgets_stranger before update on oncepaid.booking
  for each row when (new.state <> 'held' and new.stranger is not null)
  execute function oncepaid.forget_stranger();
`,
  "0014_retention": `-- Payloads hold names and addresses; after the time the app sets (\`retention\`) they are removed, and the rest of the row stays, so that
-- the event is still known when it comes again.
alter table oncepaid.stripe_event add column payload_removed_at timestamptz;

-- Costs next to nothing when an event is written, and leads to the old ones.
create index stripe_event_received on oncepaid.stripe_event using brin (received_at);
`,
  "0016_renewals": `-- What was paid for plans after they were bought, a row per invoice: the figures per day add these up. Reading them out of the facts
-- of each plan took a second where 100,000 were renewed in a month.
create table oncepaid.renewal (
  invoice_id text primary key,
  order_id uuid not null references oncepaid."order",
  livemode boolean not null,
  paid_at timestamptz not null,
  currency text not null,
  -- Minor units.
  amount bigint not null check (amount > 0)
);

-- Each figure stands in the index, so the table itself isn't read.
create index renewal_paid on oncepaid.renewal (paid_at) include (livemode, currency, amount);
create index renewal_order on oncepaid.renewal (order_id);

-- An invoice that was paid is a renewal unless it is the one that its session was paid with, or that was the newest when a person gave
-- the subscription its order: that one stands in the order's own amount.
create function oncepaid.renewals_of(o oncepaid."order") returns setof oncepaid.renewal language sql stable as $$
  select i.key, o.id, o.livemode, to_timestamp((i.value ->> 'paidAt')::double precision),
         coalesce(i.value ->> 'currency', o.currency), (i.value ->> 'amountPaid')::bigint
    from jsonb_each(o.facts -> 'invoices') as i
   where i.value ->> 'paidAt' is not null and (i.value ->> 'amountPaid')::bigint > 0
     and coalesce(i.value ->> 'currency', o.currency) is not null
     and not exists (select from jsonb_each(o.facts -> 'sessions') as s where s.value ->> 'invoice' = i.key)
     and not exists (select from jsonb_each(o.facts -> 'claims') as c where c.value ->> 'invoice' = i.key)
$$;

-- The session may be told after its invoice: what was taken for a renewal until then goes.
create function oncepaid.keep_renewals() returns trigger language plpgsql as $$
begin
  delete from oncepaid.renewal r
   where r.order_id = new.id
     and exists (select from jsonb_each(new.facts -> 'sessions') as s where s.value ->> 'invoice' = r.invoice_id);
  insert into oncepaid.renewal select * from oncepaid.renewals_of(new)
  on conflict (invoice_id) do update
     set paid_at = excluded.paid_at, currency = excluded.currency, amount = excluded.amount
   where (renewal.paid_at, renewal.currency, renewal.amount)
         is distinct from (excluded.paid_at, excluded.currency, excluded.amount);
  return null;
end
$$;

-- Only plans pay for this, and only where a payment is told: other orders are let go by the condition, before any function is called.
create trigger order_renewed after update of facts on oncepaid."order"
  for each row when (new.stripe_subscription_id is not null and
    (old.stripe_subscription_id, old.facts -> 'invoices', old.facts -> 'sessions')
    is distinct from (new.stripe_subscription_id, new.facts -> 'invoices', new.facts -> 'sessions'))
  execute function oncepaid.keep_renewals();

insert into oncepaid.renewal
select r.* from oncepaid."order" o cross join lateral oncepaid.renewals_of(o) as r where o.stripe_subscription_id is not null;

-- It was for the renewals among the facts, and every event of a plan had to write to it.
drop index oncepaid.order_renewed;
`,
  "0017_keys_and_endpoints": `-- Keys of the app's other servers, beside those of its settings: each with a name, and with what it may do.
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
  -- What happened. \`webhook-id\` is made of it, so it is the same for each endpoint and each repetition.
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
  -- Null where nobody answered; then \`error\` says why.
  status integer,
  answer text check (length(answer) <= 4000),
  error text check (length(error) <= 1000)
);
create index webhook_attempt_delivery on oncepaid.webhook_attempt (delivery_id, id);
`,
  "0020_desk": `-- What people, servers and commands did that isn't about one order (that is support_action): dates, events, jobs, and whatever the
-- app itself writes down, such as who may open its desk. Rows are only ever added.
create table oncepaid.audit_entry (
  -- Grows with time, so the newest are found by it.
  id uuid primary key,
  at timestamptz not null default now(),
  -- As \`by\` of what support does: an account, the name of an API key, a command.
  by text not null check (length(by) between 1 and 300),
  -- "slot.created": what it was about, and what was done to it.
  what text not null check (what ~ '^[a-z][a-z_]*\\.[a-z][a-z_]*$' and length(what) <= 60),
  -- The id of what it was about.
  about text check (length(about) <= 300),
  -- What was changed, as it is now.
  details jsonb not null default '{}'
);

-- The lists of one person, of one thing that was done, and of everything about one kind of thing; the newest first.
create index audit_entry_by on oncepaid.audit_entry (by, id);
create index audit_entry_what on oncepaid.audit_entry (what, id);
create index audit_entry_area on oncepaid.audit_entry (split_part(what, '.', 1), id);
create index support_action_by on oncepaid.support_action (by, id);
create index support_action_what on oncepaid.support_action (what, id);

-- Nobody else can book a closed date; who has booked it stays.
alter table oncepaid.slot add column closed_at timestamptz;

-- Who of those who booked has come.
alter table oncepaid.booking add column checked_in_at timestamptz;
alter table oncepaid.booking add column checked_in_by text check (length(checked_in_by) <= 300);

-- What was written to everybody who had booked a date; each of them gets it once.
create table oncepaid.slot_message (
  id uuid primary key,
  slot_id uuid not null references oncepaid.slot,
  subject text not null check (length(subject) between 1 and 200),
  text text not null check (length(text) between 1 and 10000),
  by text not null check (length(by) between 1 and 300),
  -- The caller's own name for the request (Idempotency-Key): a second one under it is the same message.
  key text unique check (length(key) between 1 and 255),
  -- To how many addresses it went.
  recipients integer not null check (recipients >= 0),
  at timestamptz not null default now()
);

create index slot_message_slot on oncepaid.slot_message (slot_id, id);

-- As in 0002_bookings.sql, and no further place in a date that is closed.
create or replace function oncepaid.keep_slot_taken() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select slot_id, sum(places)::integer as places, bool_or(takes) as takes
      from (values
        (old.slot_id, case when old.state in ('held', 'booked') then -old.places else 0 end, false),
        (new.slot_id, case when new.state in ('held', 'booked') then new.places else 0 end,
         new.state in ('held', 'booked'))
      ) as moved (slot_id, places, takes)
     where slot_id is not null
     group by slot_id
     order by slot_id
  loop
    update oncepaid.slot set taken = taken + touched.places
     where id = touched.slot_id
       -- Nothing is held or booked in a slot that is canceled, and no further place in one that has begun or is closed. This
       -- row lock is also what a cancellation waits for, so it sees every booking there is.
       and (not touched.takes
            or (canceled_at is null and (touched.places <= 0 or (starts_at > now() and closed_at is null))));
    if not found then
      raise exception 'slot % is canceled, closed or has begun', touched.slot_id
        using errcode = 'check_violation', constraint = 'slot_open';
    end if;
  end loop;
  return null;
end
$$;

-- The figures per day add these up for each order that was paid in a month; from the index alone it takes a tenth of the time.
drop index oncepaid.order_paid;
create index order_paid on oncepaid."order" (paid_at) include (livemode, currency, amount_total, mode) where paid_at is not null;
`,
  "0022_fraud_warnings": `-- Early fraud warnings are heard from now on. What Stripe told of before was seen in its dashboard, or not: a comparison that finds it
-- in Stripe's list causes nothing. Unix seconds.
insert into oncepaid.setting (key, value) values ('fraud_warnings_since', extract(epoch from now())::bigint::text);

-- When collection goes on again, where it was paused because the access had ended and the access was given back.
alter table oncepaid.billing_stop add column resumed_at timestamptz;

-- The desk's list of payments a person has to look at; of a hundred orders hardly one is in it.
create index order_warned on oncepaid."order" (id)
  where facts ? 'warnings' and status = 'FULFILLED' and amount_refunded = 0 and facts -> 'disputes' = '{}';
`,
  "0024_sellers": `-- Whose a subscription is that was made at Stripe, as its metadata says, so that it is claimed by itself; and why it wasn't, for
-- whoever looks at the list. One that was refused is tried again when Stripe tells of it anew, or after a day.
alter table oncepaid.unclaimed_subscription
  add column user_id text,
  add column refused text,
  add column tried_at timestamptz;
`,
  "0025_owner_news": `-- When whoever runs the app was last told that a price can't be sold, because it or its product is archived at Stripe or isn't there: once
-- a day, however many buyers ask.
create table oncepaid.unavailable_price (
  product_key text not null,
  price text not null,
  told_at timestamptz not null default now(),
  primary key (product_key, price)
);
`,
  "0026_desk": `-- The desk's lists of Stripe's events, the newest first (src/desk/events.ts): all of them, those of one type, those that were
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
`,
  "0027_promotion_codes": `-- Discount codes are made and ended at Stripe, about no order; what was asked for is kept like everything else Stripe is asked to do
-- (src/support/promotion-codes.ts). And somebody has looked at the warnings of an order (src/support/review.ts).
alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim', 'erase', 'review',
           'create_code', 'deactivate_code'));
alter table oncepaid.support_action drop constraint support_action_check1;
alter table oncepaid.support_action add constraint support_action_about check (
  num_nonnulls(order_id, entitlement_id) > 0 or what in ('create_code', 'deactivate_code'));
`,
  "0028_buyers_change_bookings": `-- Buyers move and cancel their bookings themselves: each stands in the order's timeline beside what support did.
alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim', 'erase', 'review',
           'create_code', 'deactivate_code', 'move_booking', 'cancel_booking'));
`,
  "0029_restored_bookings": `-- As in 0020_desk.sql, and a place that its order had before is had again in a date that is closed or has begun, while there is room:
-- nobody buys it, and without it the payment would go back. A canceled date has no place for anybody.
create or replace function oncepaid.keep_slot_taken() returns trigger language plpgsql as $$
declare
  touched record;
  again boolean := false;
begin
  if new.state = 'booked' and old.state in ('released', 'booked') and new.slot_id = old.slot_id then
    -- The statement that books a place for the first time has just set fulfilled_at to now(). An order that was made again after its
    -- database was restored was paid before that; whether it was fulfilled then is lost.
    select coalesce(o.fulfilled_at <> now(), false) or o.restored_at is not null into again
      from oncepaid."order" o where o.id = new.order_id;
  end if;
  for touched in
    select slot_id, sum(places)::integer as places, bool_or(takes) as takes
      from (values
        (old.slot_id, case when old.state in ('held', 'booked') then -old.places else 0 end, false),
        (new.slot_id, case when new.state in ('held', 'booked') then new.places else 0 end,
         new.state in ('held', 'booked'))
      ) as moved (slot_id, places, takes)
     where slot_id is not null
     group by slot_id
     order by slot_id
  loop
    update oncepaid.slot set taken = taken + touched.places
     where id = touched.slot_id
       -- Nothing is held or booked in a slot that is canceled, and no further place in one that has begun or is closed. This
       -- row lock is also what a cancellation waits for, so it sees every booking there is.
       and (not touched.takes
            or (canceled_at is null and (touched.places <= 0 or again or (starts_at > now() and closed_at is null))));
    if not found then
      raise exception 'slot % is canceled, closed or has begun', touched.slot_id
        using errcode = 'check_violation', constraint = 'slot_open';
    end if;
  end loop;
  return null;
end
$$;
`,
  "0030_retired_products": `-- What had left the catalog was not taken back: an order was given back whole, or its plan was changed, and access went on. Such orders are
-- looked at once more, and so are some that are right as they are. Those that stand at PAID are looked at anyhow. It is in an hour: the
-- processes from before the update are at work until they are replaced, and would look as they always did.
update oncepaid."order" set recheck_at = now() + interval '1 hour'
 where fulfilled_at is not null
   and id in (select e.order_id from oncepaid."order" o join oncepaid.entitlement e on e.order_id = o.id
               where o.status = 'REFUNDED' and e.state <> 'ended'
               union all
              select order_id from oncepaid.entitlement where kind = 'plan' and state <> 'ended' and order_id is not null
               group by order_id having count(*) > 1);
`,
};
