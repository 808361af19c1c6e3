/**
 * The statements of the money path, written as SQL and prepared once per connection under their name, because they
 * run for every event. What each must guarantee stands beside it.
 *
 * `(select $3 …)` hides a value from the planner: where its estimates depend on values, PostgreSQL plans a prepared statement
 * anew for every event, which costs as much as running it. With estimates that don't, one plan serves them all.
 */

/** Everything a change needs to know, in one round trip: is the event here, whose payment is it, how is the order. */
export const READ = {
  name: "order-read",
  text: `
    with linked as (
      select stripe_id, order_id, version, facts from oncepaid.stripe_link where stripe_id = any ((select $3::text[])::text[])
    )
    select e.outcome as event_outcome,
           (select json_agg(json_build_object('id', stripe_id, 'orderId', order_id, 'version', version,
                                              'facts', facts)) from linked) as links,
           o.id, o.version, o.status, o.mode, o.locale, o.facts, a.session_id,
           a.closed_at is not null as closed,
           (select b.state from oncepaid.booking b where b.order_id = o.id) as place,
           coalesce(o.recheck_at <= now(), false) as due,
           (select json_agg(json_build_object('product_key', i.product_key, 'quantity', i.quantity)
                            order by i.product_key)
              from oncepaid.order_item i where i.order_id = o.id) as items
      from (select 1) as one
      left join oncepaid.stripe_event e on e.id = $1::text
      left join oncepaid."order" o on o.id = coalesce($2::uuid, (select min(order_id::text)::uuid from linked))
      left join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt`,
};

/**
 * All or nothing. Every part hangs on \`changed\`, which is empty when the order's version moved since it was read.
 * The claim of a Stripe object is guarded by its own version (-1 where there was no row): facts that came to wait
 * there meanwhile undo the statement, so they are read and merged with the next try. What is to be done after an effect
 * goes to the outbox with the effect's own row: an effect that is logged already queues nothing a second time. A grant
 * that differs from its row before the statement is told to the shop's own server, once per version. Places
 * that aren't there any more undo the statement too: the trigger on booking counts them, after everything else.
 */
export const APPLY = {
  name: "order-apply",
  text: `
    with changed as (
      update "order" set
             status = $3::text,
             email = coalesce($4::text, email),
             currency = coalesce($5::text, currency),
             amount_total = coalesce($6::bigint, amount_total),
             amount_refunded = $7::bigint,
             stripe_checkout_session_id = coalesce($8::text, stripe_checkout_session_id),
             stripe_payment_intent_id = coalesce($9::text, stripe_payment_intent_id),
             stripe_subscription_id = coalesce($10::text, stripe_subscription_id),
             stripe_customer_id = coalesce($11::text, stripe_customer_id),
             facts = $12::jsonb,
             paid_at = to_timestamp($13::double precision),
             fulfilled_at = case when $14::boolean then coalesce(fulfilled_at, now()) else fulfilled_at end,
             recheck_at = to_timestamp($19::double precision),
             version = version + 1,
             updated_at = now()
       where id = $1::uuid and version = $2::integer
      returning id, user_id
    ), granted as (
      insert into entitlement
             (id, order_id, user_id, product_key, kind, state, quantity, starts_at, ends_at, reason)
      select g.id, changed.id, changed.user_id, g."productKey", g.kind, g.state, g.quantity,
             to_timestamp(g."startsAt"), to_timestamp(g."endsAt"), g.reason
        from changed, jsonb_to_recordset($15::jsonb) as g(id uuid, "productKey" text, kind text, state text,
             quantity integer, "startsAt" double precision, "endsAt" double precision, reason text)
      on conflict (order_id, product_key) do update set
             state = excluded.state, quantity = excluded.quantity, starts_at = excluded.starts_at,
             ends_at = excluded.ends_at, reason = excluded.reason
      returning id, state, quantity, ends_at, reason
    ), placed as (
      update booking set state = $29::text, updated_at = now()
        from changed where booking.order_id = changed.id and booking.state <> $29::text
    ), logged as (
      insert into fulfillment_log (order_id, event, stripe_event_id, actor, before, after)
      select changed.id, e.event, $21::text, $17::text,
             jsonb_build_object('status', e.before), jsonb_build_object('status', e.after)
        from changed, jsonb_to_recordset($16::jsonb) as e(event text, before text, after text)
      on conflict (order_id, event) do nothing
      returning event
    ), queued as (
      insert into outbox (queue, key, data)
      select j.queue, j.key, j.data
        from logged
        join jsonb_to_recordset($16::jsonb) as e(event text, jobs jsonb) on e.event = logged.event
       cross join jsonb_to_recordset(e.jobs) as j(queue text, key text, data jsonb)
       union all
      select 'outbound_webhook', 'entitlement.changed:' || now.id || ':' || $2::integer + 1,
             jsonb_build_object('type', 'entitlement.changed', 'entitlementId', now.id)
        from granted now left join entitlement was on was.id = now.id
       where (select $30::boolean)
         and (was.state, was.quantity, was.ends_at, was.reason)
             is distinct from (now.state, now.quantity, now.ends_at, now.reason)
    ), told as (
      insert into order_change (order_id, version, actor, stripe_event_id, before, after, effects)
      select changed.id, $2::integer + 1, $17::text, $21::text, $27::jsonb, $28::jsonb,
             array(select event from logged order by event)
        from changed where $27::jsonb is distinct from $28::jsonb or exists (select from logged)
    ), linked as (
      insert into stripe_link (stripe_id, order_id, facts, version)
      select l.id, changed.id, $20::jsonb, l.version
        from changed, jsonb_to_recordset($18::jsonb) as l(id text, version integer)
      on conflict (stripe_id) do update set order_id = excluded.order_id, version = stripe_link.version + 1
       where stripe_link.order_id is null and stripe_link.version = excluded.version
      returning 1
    ), stored as (
      insert into stripe_event (id, type, created, livemode, api_version, payload, outcome, order_id)
      select $21::text, $22::text, to_timestamp($23::double precision), $24::boolean, $25::text, $26::json,
             'applied', changed.id
        from changed where $21::text is not null
      on conflict (id) do update set
             outcome = 'applied', error = null, order_id = excluded.order_id, attempts = stripe_event.attempts + 1
    )
    select changed.id, require((select count(*) from linked) = jsonb_array_length($18::jsonb)) from changed`,
};

/** Facts whose order isn't known wait under every object they name, unless an order claimed one since it was read. */
export const WAIT = {
  name: "order-wait",
  text: `
    with waiting as (
      insert into stripe_link (stripe_id, facts, version)
      select l.id, l.facts, l.version + 1
        from jsonb_to_recordset($8::jsonb) as l(id text, facts jsonb, version integer)
      on conflict (stripe_id) do update set facts = excluded.facts, version = excluded.version
       where stripe_link.order_id is null and stripe_link.version = excluded.version - 1
      returning 1
    ), stored as (
      insert into stripe_event (id, type, created, livemode, api_version, payload, outcome, error)
      values ($1::text, $2::text, to_timestamp($3::double precision), $4::boolean, $5::text, $6::json, 'ignored',
              $7::text)
      on conflict (id) do update set
             outcome = 'ignored', error = excluded.error, attempts = stripe_event.attempts + 1
    )
    select require((select count(*) from waiting) = jsonb_array_length($8::jsonb))`,
};

/** An event that is kept and changes no order. One that was already settled stays as it was. */
export const STORE_EVENT = {
  name: "event-store",
  text: `
    insert into stripe_event
           (id, type, created, livemode, api_version, payload, outcome, error, order_id)
    values ($1::text, $2::text, to_timestamp($3::double precision), $4::boolean, $5::text, $6::json,
            $7::text, $8::text, $9::uuid)
    on conflict (id) do update set
           outcome = excluded.outcome, error = excluded.error, order_id = excluded.order_id,
           attempts = stripe_event.attempts + 1
     where stripe_event.outcome = 'failed'
    returning id`,
};
