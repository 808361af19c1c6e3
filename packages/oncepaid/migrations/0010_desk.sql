-- What operators search orders by. Each index names the query it is for (src/desk/).

-- One index for both: who proved to read an address asks for what was paid under it, and an operator types how one begins
-- (lower(email) like 'ada%'), which only this operator class answers from an index.
drop index oncepaid.order_email;
create index order_email on oncepaid."order" (lower(email) text_pattern_ops) where email is not null;

-- "asha ra": the words a buyer's name has, the last one as far as it is typed. A name is known once the page was completed.
create index order_name on oncepaid."order"
  using gin (to_tsvector('simple', jsonb_path_query_array(facts, '$.sessions.*.name')))
  where paid_at is not null;

-- A customer's id, copied from Stripe's dashboard. Nobody else searches by it.
create index order_customer on oncepaid."order" (stripe_customer_id) where stripe_customer_id is not null;

-- The list by status, the newest first. What waits is few and has an index; what is fulfilled is nearly everything, so the
-- primary key finds it at once.
create index order_status on oncepaid."order" (status, id) where status in ('CANCELED', 'REFUNDED', 'FAILED');

-- The list by product, the newest first.
create index order_item_product on oncepaid.order_item (product_key, order_id);

-- A refund, a dispute or a charge by its id: "refund.created re_1". What happens to the order as a whole names no object
-- and stays out, and that is all that happens to most orders.
create index fulfillment_log_object on oncepaid.fulfillment_log (split_part(event, ' ', 2))
  where position(' ' in event) > 0;

-- The figures per day: what was given back, and which subscriptions ended.
create index fulfillment_log_object_at on oncepaid.fulfillment_log (at) where position(' ' in event) > 0;

-- The figures per day: what was paid.
create index order_paid on oncepaid."order" (paid_at) where paid_at is not null;

-- The figures per day: renewals, which are facts of orders that changed since.
create index order_renewed on oncepaid."order" (updated_at) where stripe_subscription_id is not null;
