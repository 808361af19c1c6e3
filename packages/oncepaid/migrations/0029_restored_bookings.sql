-- As in 0020_desk.sql, and a place that its order had before is had again in a date that is closed or has begun, while there is room:
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
