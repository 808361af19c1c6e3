-- What is told of a person who was erased stays out: Stripe may tell it again, with an event that comes once more or late.
alter table oncepaid."order" add column erased_at timestamptz;
-- Payloads that came since; the sweep removes them.
create index order_erased on oncepaid."order" (id) where erased_at is not null;

-- The facts of an order without whose they are: what a session, or a subscription made by hand, said of its buyer.
create function oncepaid.without_person(facts jsonb) returns jsonb language sql immutable as $$
  select facts || (
    select jsonb_object_agg(kind.key, (
             select coalesce(jsonb_object_agg(one.key, one.value - 'email' - 'name'), '{}') from jsonb_each(kind.value) as one))
      from jsonb_each(facts) as kind where kind.key in ('sessions', 'claims'))
$$;

alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim', 'erase'));
