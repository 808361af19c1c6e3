-- Each time a link to a file was given out: what the limit counts, and what a person sees who asks how often.
create table download (
  id uuid primary key,
  entitlement_id uuid not null references entitlement on delete cascade,
  -- The key of the file in the catalog.
  file text not null,
  at timestamptz not null default now()
);

create index download_entitlement on download (entitlement_id, file, at);

-- An operator allows as many downloads again: only those after the newest of these count.
create table download_reissue (
  id uuid primary key,
  entitlement_id uuid not null references entitlement on delete cascade,
  by text not null,
  at timestamptz not null default now()
);

create index download_reissue_entitlement on download_reissue (entitlement_id, at);

-- An operator's word on the access an order gives is a fact like Stripe's: merged, kept, and read at every derivation.
update "order" set facts = facts || '{"rulings": {}}' where not facts ? 'rulings';
update stripe_link set facts = facts || '{"rulings": {}}' where not facts ? 'rulings';
