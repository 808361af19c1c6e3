-- Passkeys of operators: a key pair in somebody's device, of which the public half is here.
create table shop.passkey (
  -- The credential's id, as the device tells it.
  id text not null primary key,
  user_id text not null references shop."user" (id) on delete cascade,
  -- What it is called by its owner.
  name text not null check (length(name) between 1 and 100),
  -- COSE, in base64url.
  public_key text not null,
  -- Counted up by the device where it counts; a lower one than before means a copy of it.
  counter bigint not null default 0 check (counter >= 0),
  transports text[] not null default '{}',
  added_at timestamptz not null default now(),
  used_at timestamptz
);

create index passkey_user on shop.passkey (user_id);

-- What a device is asked to sign, good once and for five minutes.
create table shop.passkey_challenge (
  challenge text not null primary key,
  -- Whose device is asked to make a passkey; null where anybody wants to sign in.
  user_id text references shop."user" (id) on delete cascade,
  expires_at timestamptz not null
);

create index passkey_challenge_expired on shop.passkey_challenge (expires_at);
