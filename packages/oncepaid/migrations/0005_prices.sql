-- A product may have several prices, and a price at Stripe never changes: another amount is another price, while subscriptions go
-- on under the one they were sold.
alter table oncepaid.order_item
  -- The price's name in the catalog ("month"), for whoever reads the order. Unknown where the order is older than this column, or
  -- was made again from a session whose price has left the catalog.
  add column price text,
  -- The price at Stripe, as it was when the attempt began. An open payment page is handed out again only while it asks for what
  -- the cart costs now, and Stripe's answer names the unit amounts by it.
  add column stripe_price_id text;

-- Every price that something was, or could have been, sold under. Stripe's events name prices by id only: without this row nobody
-- could tell which plan a subscription has whose price was replaced since, or was found by another process.
create table oncepaid.price (
  stripe_price_id text primary key,
  product_key text not null,
  -- Its name in the catalog; unknown for what was sold before prices had names.
  name text
);

-- What was sold before: the exact call to Stripe is kept with each attempt, and names lines and products in the same order.
update oncepaid.order_item i set stripe_price_id = sold.price
  from (select a.order_id, line.value ->> 'price' as price, product.key
          from oncepaid."order" o
          join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
         cross join lateral json_array_elements(a.parameters -> 'line_items') with ordinality as line(value, n)
          join lateral unnest(string_to_array(a.parameters #>> '{metadata,product_key}', ',')) with ordinality
               as product(key, n) on product.n = line.n) as sold
 where sold.order_id = i.order_id and sold.key = i.product_key;

insert into oncepaid.price (stripe_price_id, product_key)
select distinct on (stripe_price_id) stripe_price_id, product_key from oncepaid.order_item
 where stripe_price_id is not null order by stripe_price_id, product_key;
