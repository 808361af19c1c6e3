-- Who waits for a place on a date that is sold out. The account's address was proven by a code; with the account the row goes.
create table shop.waiting (
  -- A date of the engine's, whose schema may lie elsewhere: no foreign key. A sweep removes rows of dates that are over.
  slot_id uuid not null,
  user_id text not null references shop."user" (id) on delete cascade,
  -- Of the page it was asked on.
  locale text not null,
  asked_at timestamptz not null default now(),
  -- When a mail said that a place is free. Once: who is too late asks again.
  told_at timestamptz,
  primary key (slot_id, user_id)
);

create index waiting_user on shop.waiting (user_id);
-- The round that tells them looks only at who wasn't told, the first who asked first.
create index waiting_untold on shop.waiting (slot_id, asked_at) where told_at is null;
