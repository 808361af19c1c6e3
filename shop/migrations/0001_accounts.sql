-- The accounts of the shop lie in a schema of their own, beside the engine's.
create schema if not exists shop;

-- The tables of better-auth, with the names and types it expects (a test compares them with its own schema).
create table shop."user" (
  "id" text not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz default CURRENT_TIMESTAMP not null,
  "isAnonymous" boolean
);

create table shop."session" (
  "id" text not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references shop."user" ("id") on delete cascade
);

create table shop."account" (
  "id" text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references shop."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz not null
);

create table shop."verification" (
  "id" text not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default CURRENT_TIMESTAMP not null,
  "updatedAt" timestamptz default CURRENT_TIMESTAMP not null
);

create index "session_userId_idx" on shop."session" ("userId");
create index "account_userId_idx" on shop."account" ("userId");
create index "verification_identifier_idx" on shop."verification" ("identifier");

-- A visitor who signed in: whatever still reaches the anonymous account afterwards (a payment on its way, a request in
-- flight) follows to the account it moved to.
create table shop.visitor_move (
  visitor_id text primary key references shop."user" on delete cascade,
  user_id text not null references shop."user" on delete cascade,
  at timestamptz not null default now()
);

-- Counters of the rate limits that must hold however many processes answer, in the shape rate-limiter-flexible expects.
-- Keys are hashed: nobody's address is kept for having asked.
create table shop.rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  -- Unix milliseconds.
  expire bigint
);
