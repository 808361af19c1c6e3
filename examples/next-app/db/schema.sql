-- The app's own tables. Oncepaid's lie in schemas of their own, so an "order" of hers and this one never meet.

create table if not exists "user" (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  -- scrypt, as salt:hash in hexadecimal
  password text not null,
  created_at timestamptz not null default now()
);

create table if not exists session (
  -- SHA-256 of the cookie, so that who reads this table can't sign in with it
  token_hash bytea primary key,
  user_id uuid not null references "user" on delete cascade,
  expires_at timestamptz not null
);

-- A print that somebody ordered, paid for with credits
create table if not exists "order" (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references "user",
  picture text not null,
  size text not null,
  credits integer not null,
  created_at timestamptz not null default now()
);

-- What a purchase brought: written by the hook in oncepaid.config.ts
create table if not exists credit (
  id bigint generated always as identity primary key,
  user_id uuid not null references "user",
  order_id uuid not null,
  amount integer not null,
  created_at timestamptz not null default now()
);
