-- A user has a plan once. When two subscriptions to it were paid in a race, the first one grants it and the other
-- order stays PAID for a person to see; it is granted by itself once the first one has ended.
create unique index entitlement_one_plan on entitlement (user_id, product_key)
  where kind = 'plan' and state <> 'ended';
