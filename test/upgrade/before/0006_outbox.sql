-- Work that follows from a write: mail, outbound webhooks, refunds we make ourselves. The row is part of the statement
-- that causes it, so it is there exactly if the write happened; a relay hands it to the queues and removes it.
create table outbox (
  -- The order in which work is handed on.
  id bigint generated always as identity primary key,
  queue text not null,
  -- What the work is, stable however often it is written or done: whoever receives its result dedupes on it.
  key text not null,
  data jsonb not null,
  created_at timestamptz not null default now()
);

-- Rows live for milliseconds: vacuum by their number, not by the size of a table that is nearly always empty.
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The language the buyer ordered in, which is the language of the mails about it.
alter table "order" add column locale text not null default 'en' check (locale in ('en', 'hi'));

-- Facts tell of a plan's invoices too.
update "order" set facts = facts || '{"invoices": {}}' where not facts ? 'invoices';
update stripe_link set facts = facts || '{"invoices": {}}' where not facts ? 'invoices';
