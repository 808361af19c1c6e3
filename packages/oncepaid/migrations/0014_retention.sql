-- Payloads hold names and addresses; after the time the app sets (`retention`) they are removed, and the rest of the row stays, so that
-- the event is still known when it comes again.
alter table oncepaid.stripe_event add column payload_removed_at timestamptz;

-- Costs next to nothing when an event is written, and leads to the old ones.
create index stripe_event_received on oncepaid.stripe_event using brin (received_at);
