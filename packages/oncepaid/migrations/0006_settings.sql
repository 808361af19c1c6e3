-- What belongs to this database and to no other, made once and never changed.
create table oncepaid.setting (
  key text primary key,
  value text not null
);

insert into oncepaid.setting (key, value) values
  -- Several shops may sell through one Stripe account, a test installation beside the real one for example. Stripe tells each of
  -- them of all payments; by this id in the metadata of a payment each knows its own.
  ('shop', gen_random_uuid()::text),
  -- Signs cookies and links where the app gives no secret of its own: 64 hexadecimal digits, 244 random bits.
  ('secret', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
