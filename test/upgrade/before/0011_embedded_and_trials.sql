-- What the buyer's browser mounts an embedded payment page with; hosted sessions have a URL of Stripe instead. It lets
-- whoever has it pay this session, so only the order's owner is shown it.
alter table checkout_attempt add client_secret text;

-- A card gets the trial of a plan once: the first order that began one with it keeps it, and a later one is refused.
create table trial_card (
  product_key text not null,
  -- Stripe's fingerprint: the same for one card number whoever uses it, and no way back to the number.
  fingerprint text not null,
  order_id uuid not null references "order",
  at timestamptz not null default now(),
  primary key (product_key, fingerprint)
);
