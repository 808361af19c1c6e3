-- A date with a number of places: what a booking product sells.
create table slot (
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
create index slot_upcoming on slot (product_key, starts_at) where canceled_at is null;

-- The places of an order in a slot: held while its session can be paid, booked once it is.
create table booking (
  -- An order is for one slot at most.
  order_id uuid primary key references "order",
  slot_id uuid not null,
  product_key text not null,
  places integer not null check (places >= 1),
  -- 'refused': it was paid when no place was left; the money goes back.
  state text not null check (state in ('held', 'booked', 'released', 'refused')),
  -- When the session it is held for ends, by the time we asked Stripe for. A delayed payment holds it longer.
  held_until timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (slot_id, product_key) references slot (id, product_key)
);

create index booking_slot on booking (slot_id);
-- Holds whose time is over and of which nothing was heard: the sweep asks for those, and there are few.
create index booking_held on booking (held_until) where state = 'held';

-- Lock order: the order's row, its booking, then the slot. Two slots are touched in the order of their ids, so that two
-- orders that change places with each other don't wait for one another.
create function keep_slot_taken() returns trigger language plpgsql as $$
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
    update slot set taken = taken + touched.places
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

create trigger booking_taken after insert or delete or update of slot_id, places, state on booking
  for each row execute function keep_slot_taken();

create function refuse_taken_by_hand() returns trigger language plpgsql as $$
begin
  raise exception 'slot.taken follows from the bookings; nobody else writes it' using errcode = 'check_violation';
end
$$;

-- Depth 0 is a statement of somebody's own; the bookings' trigger writes at depth 1.
create trigger slot_taken_by_hand before update of taken on slot
  for each row when (pg_trigger_depth() = 0 and old.taken is distinct from new.taken)
  execute function refuse_taken_by_hand();

create trigger slot_starts_empty before insert on slot
  for each row when (new.taken <> 0)
  execute function refuse_taken_by_hand();
