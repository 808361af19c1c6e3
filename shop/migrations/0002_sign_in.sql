-- Codes that were mailed. A code belongs to the browser that asked for it: what anybody else tries or asks for changes nothing about it.
create table shop.sign_in_code (
  -- A hash of what that browser keeps in a cookie.
  browser text not null,
  email text not null,
  -- A keyed hash: a stolen copy of the table tells no code.
  code text not null,
  -- Wrong ones so far; after three the code is worth nothing.
  tries integer not null default 0,
  expires_at timestamptz not null,
  -- The newest code of a browser is the one that counts.
  primary key (browser, email)
);

create index sign_in_code_expired on shop.sign_in_code (expires_at);

-- Links in receipts, beside the codes: each is good once, in any browser, and too long to be guessed.
create table shop.sign_in_link (
  -- A hash of what stands in the link.
  link text not null primary key,
  email text not null,
  expires_at timestamptz not null
);

create index sign_in_link_expired on shop.sign_in_link (expires_at);
