-- Who wants a mail about a cart they leave unpaid. Off for everybody who hasn't asked for it; with the account the row goes.
create table shop.cart_reminder_wish (
  user_id text primary key references shop."user" (id) on delete cascade,
  -- Of the page it was asked on.
  locale text not null,
  asked_at timestamptz not null default now()
);

-- Carts somebody was reminded of: each once, ever. The cart's id is of the engine's, whose schema may lie elsewhere: no foreign key.
create table shop.cart_reminder (
  user_id text not null references shop."user" (id) on delete cascade,
  cart_id text not null,
  at timestamptz not null default now(),
  primary key (user_id, cart_id)
);
