-- What people, servers and commands did that isn't about one order (that is support_action): dates, events, jobs, and whatever the
-- app itself writes down, such as who may open its desk. Rows are only ever added.
create table oncepaid.audit_entry (
  -- Grows with time, so the newest are found by it.
  id uuid primary key,
  at timestamptz not null default now(),
  -- As `by` of what support does: an account, the name of an API key, a command.
  by text not null check (length(by) between 1 and 300),
  -- "slot.created": what it was about, and what was done to it.
  what text not null check (what ~ '^[a-z][a-z_]*\.[a-z][a-z_]*$' and length(what) <= 60),
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
