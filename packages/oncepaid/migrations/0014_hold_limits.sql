-- Who holds places without having proven an address, as a keyed hash of the network the request came from; null for everybody
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
