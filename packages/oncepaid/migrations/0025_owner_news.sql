-- When whoever runs the app was last told that a price can't be sold, because it or its product is archived at Stripe or isn't there: once
-- a day, however many buyers ask.
create table oncepaid.unavailable_price (
  product_key text not null,
  price text not null,
  told_at timestamptz not null default now(),
  primary key (product_key, price)
);
