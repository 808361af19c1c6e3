import { someEndpoint } from "#/outbox/jobs.ts";

/**
 * The statements of the money path, written as SQL and prepared once per connection under their name, because they
 * run for every event. Each takes any number of changes as one JSON list with named fields, so that many cost one round trip;
 * `n` is a change's place in the list. What each must guarantee stands beside it.
 *
 * `n between 0 and 9999` holds for every list. PostgreSQL takes any list for a hundred rows, and reads whole tables for so many; of what lies
 * in a range it expects few, and looks each up by its key. Lists in brackets, `(select $1::text[])`, hide their length: PostgreSQL would plan
 * the statement anew for each other one.
 */

/** Everything some changes need to know, in one round trip: is the event here, whose payment is it, how is the order. */
export const READ = {
  name: "order-read",
  text: `
    with asked as materialized (
      select * from jsonb_to_recordset($1::jsonb) as a(n integer, event text, "orderId" uuid, ids text[])
       where n between 0 and 9999
    )
    select a.n, e.outcome as event_outcome, l.links,
           o.id, o.version, o.status, o.mode, o.locale, o.facts, c.session_id,
           c.closed_at is not null as closed,
           b.state as place, b.places,
           coalesce(o.recheck_at <= now(), false) as due,
           (select json_agg(json_build_object('product_key', i.product_key, 'quantity', i.quantity)
                            order by i.product_key)
              from oncepaid.order_item i where i.order_id = o.id) as items,
           -- What a subscription was changed to is told by its price, which another process may have sold it under.
           case when o.mode = 'subscription'
                then (select json_object_agg(p.stripe_price_id, p.product_key) from oncepaid.price p) end as prices,
           o.fulfilled_at is not null as fulfilled,
           -- What was granted ends one day, also where its product has left the catalog, which alone knew its kind.
           case when o.fulfilled_at is not null
                then (select json_object_agg(g.product_key, g.kind) from oncepaid.entitlement g where g.order_id = o.id)
                 end as granted,
           o.mode = 'subscription' and exists (select from oncepaid.fulfillment_log f
              where f.order_id = o.id and f.event = 'plan.duplicate') as duplicate
      from asked a
      left join oncepaid.stripe_event e on e.id = a.event
      left join lateral (
        select json_agg(json_build_object('id', k.stripe_id, 'orderId', k.order_id, 'version', k.version,
                                          'facts', k.facts)) as links,
               min(k.order_id::text)::uuid as order_id
          from oncepaid.stripe_link k where k.stripe_id = any (a.ids)
      ) l on true
      left join oncepaid."order" o on o.id = coalesce(a."orderId", l.order_id)
      left join oncepaid.booking b on b.order_id = o.id
      left join oncepaid.checkout_attempt c on c.order_id = o.id and c.attempt = o.attempt`,
};

/**
 * All or nothing, for all changes of the list. Every part hangs on \`changed\`, which has each change with its order; where the
 * version of one order moved since it was read, the whole statement is undone. The claim of a Stripe object is guarded by its own version
 * (-1 where there was no row): facts that came to wait there meanwhile undo the statement, so they are read and merged with the next try.
 * What is to be done after an effect goes to the outbox with the effect's own row: an effect that is logged already queues nothing a
 * second time. A grant that differs from its row before the statement is told once per version, in each of the queues of
 * \`tell\`. Places that aren't there any more undo the statement too: the trigger on booking counts them, after everything else.
 * Answers which effects were logged and which entitlements changed, by order.
 */
export const APPLY = {
  name: "order-apply",
  text: `
    with change as materialized (
      select * from jsonb_to_recordset($1::jsonb) as c(
             n integer, "orderId" uuid, version integer, status text, email text, currency text,
             "amountTotal" bigint, "amountRefunded" bigint, "amountLost" bigint, "sessionId" text, "paymentIntent" text, subscription text,
             customer text, facts jsonb, "paidAt" double precision, fulfilled boolean, "recheckAt" double precision,
             spot text, places integer, grants jsonb, effects jsonb, links jsonb, actor text, before jsonb, after jsonb,
             "eventId" text, "eventType" text, "eventCreated" double precision, livemode boolean, "apiVersion" text)
       where n between 0 and 9999
    ), changed as (
      update oncepaid."order" o set
             status = c.status,
             email = case when coalesce(o.email_corrected_at, o.erased_at) is null then coalesce(c.email, o.email) else o.email end,
             currency = coalesce(c.currency, o.currency),
             amount_total = coalesce(c."amountTotal", o.amount_total),
             amount_refunded = c."amountRefunded",
             amount_lost = c."amountLost",
             stripe_checkout_session_id = coalesce(c."sessionId", o.stripe_checkout_session_id),
             stripe_payment_intent_id = coalesce(c."paymentIntent", o.stripe_payment_intent_id),
             stripe_subscription_id = coalesce(c.subscription, o.stripe_subscription_id),
             stripe_customer_id = coalesce(c.customer, o.stripe_customer_id),
             facts = case when o.erased_at is null then c.facts else oncepaid.without_person(c.facts) end,
             paid_at = to_timestamp(c."paidAt"),
             fulfilled_at = case when c.fulfilled then coalesce(o.fulfilled_at, now()) else o.fulfilled_at end,
             recheck_at = to_timestamp(c."recheckAt"),
             version = o.version + 1,
             updated_at = now()
        from change c where o.id = c."orderId" and o.version = c.version
      returning o.id, o.user_id, o.version as written, c.*
    ), granted as (
      insert into oncepaid.entitlement
             (id, order_id, user_id, product_key, kind, state, quantity, starts_at, ends_at, reason)
      select g.id, changed.id, changed.user_id, g."productKey", g.kind, g.state, g.quantity,
             to_timestamp(g."startsAt"), to_timestamp(g."endsAt"), g.reason
        from changed
       cross join jsonb_to_recordset(changed.grants) as g(id uuid, "productKey" text, kind text, state text,
             quantity integer, "startsAt" double precision, "endsAt" double precision, reason text)
      on conflict (order_id, product_key) do update set
             state = excluded.state, quantity = excluded.quantity, starts_at = excluded.starts_at,
             ends_at = excluded.ends_at, reason = excluded.reason
      returning id, order_id, state, quantity, ends_at, reason
    ), differing as (
      select now.id, now.order_id, changed.n, changed.written
        from granted now
        join changed on changed.id = now.order_id
        left join oncepaid.entitlement was on was.id = now.id
       where (was.state, was.quantity, was.ends_at, was.reason)
             is distinct from (now.state, now.quantity, now.ends_at, now.reason)
    ), placed as (
      update oncepaid.booking b set state = coalesce(c.spot, b.state), places = coalesce(c.places, b.places), updated_at = now()
        from changed c
       where b.order_id = c.id and (b.state <> c.spot or b.places <> c.places)
    ), logged as (
      insert into oncepaid.fulfillment_log (order_id, event, stripe_event_id, actor, before, after)
      select c.id, e.event, c."eventId", c.actor,
             jsonb_build_object('status', e.before), jsonb_build_object('status', e.after)
        from changed c
       cross join jsonb_to_recordset(c.effects) as e(event text, before text, after text)
      on conflict (order_id, event) do nothing
      returning order_id, event
    ), queued as (
      insert into oncepaid.outbox (queue, key, data)
      select * from (
      select j.queue, j.key, j.data
        from logged
        join changed c on c.id = logged.order_id
        join jsonb_to_recordset(c.effects) as e(event text, jobs jsonb) on e.event = logged.event
       cross join jsonb_to_recordset(e.jobs) as j(queue text, key text, data jsonb)
       union all
      select tell.queue, 'entitlement.changed:' || d.id || ':' || d.written,
             jsonb_build_object('type', 'entitlement.changed', 'entitlementId', d.id, 'version', d.written)
        from differing d cross join unnest($3::text[]) as tell(queue)
      ) as work where queue <> 'outbound_webhook' or ${someEndpoint("$5::boolean")}
    ), told as (
      insert into oncepaid.order_change (order_id, version, actor, stripe_event_id, before, after, effects)
      select c.id, c.written, c.actor, c."eventId", c.before, c.after,
             array(select event from logged where logged.order_id = c.id order by event)
        from changed c
       where c.before is distinct from c.after or exists (select from logged where logged.order_id = c.id)
    ), linked as (
      insert into oncepaid.stripe_link (stripe_id, order_id, facts, version)
      select l.id, c.id, $4::jsonb, l.version
        from changed c
       cross join jsonb_to_recordset(c.links) as l(id text, version integer)
      on conflict (stripe_id) do update set order_id = excluded.order_id, version = stripe_link.version + 1
       where stripe_link.order_id is null and stripe_link.version = excluded.version
      returning 1
    ), stored as (
      insert into oncepaid.stripe_event (id, type, created, livemode, api_version, payload, outcome, order_id)
      select c."eventId", c."eventType", to_timestamp(c."eventCreated"), c.livemode, c."apiVersion",
             ($2::text[])[c.n + 1]::json, 'applied', c.id
        from changed c where c."eventId" is not null
      on conflict (id) do update set
             outcome = 'applied', error = null, order_id = excluded.order_id, attempts = stripe_event.attempts + 1
    ), counted as (
      select oncepaid.require((select count(*) from changed) = jsonb_array_length($1::jsonb)),
             oncepaid.require((select count(*) from linked) = (select coalesce(sum(jsonb_array_length(links)), 0) from change))
    )
    select changed.n, changed.written as version,
           array(select event from logged where logged.order_id = changed.id order by event) as logged,
           array(select d.id::text from differing d where d.n = changed.n order by d.id) as entitlements
      from changed cross join counted`,
};

/** Facts whose order isn't known wait under every object they name, unless an order claimed one since it was read. */
export const WAIT = {
  name: "order-wait",
  text: `
    with waiting as (
      insert into oncepaid.stripe_link (stripe_id, facts, version)
      select l.id, l.facts, l.version + 1
        from jsonb_to_recordset($8::jsonb) as l(id text, facts jsonb, version integer)
      on conflict (stripe_id) do update set facts = excluded.facts, version = excluded.version
       where stripe_link.order_id is null and stripe_link.version = excluded.version - 1
      returning 1
    ), stored as (
      insert into oncepaid.stripe_event (id, type, created, livemode, api_version, payload, outcome, error)
      values ($1::text, $2::text, to_timestamp($3::double precision), $4::boolean, $5::text, $6::json, 'ignored',
              $7::text)
      on conflict (id) do update set
             outcome = 'ignored', error = excluded.error, attempts = stripe_event.attempts + 1
    )
    select oncepaid.require((select count(*) from waiting) = jsonb_array_length($8::jsonb))`,
};

/** An event that is kept and changes no order. One that was already settled stays as it was. */
export const STORE_EVENT = {
  name: "event-store",
  text: `
    insert into oncepaid.stripe_event
           (id, type, created, livemode, api_version, payload, outcome, error, order_id)
    values ($1::text, $2::text, to_timestamp($3::double precision), $4::boolean, $5::text, $6::json,
            $7::text, $8::text, $9::uuid)
    on conflict (id) do update set
           outcome = excluded.outcome, error = excluded.error, order_id = excluded.order_id,
           attempts = stripe_event.attempts + 1
     where stripe_event.outcome = 'failed'
    returning id`,
};
