-- What support did about an order, each with who asked for it. It is written before Stripe is asked, with the job that carries it
-- out: whatever dies meanwhile, it is carried out once.
create table oncepaid.support_action (
  -- Stripe's idempotency key is made from it, and it stands in the metadata of what is made there.
  id uuid primary key,
  order_id uuid not null references oncepaid."order",
  what text not null check (what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'move', 'claim')),
  -- As the caller sent it, to tell a repetition under the same key from another request.
  asked jsonb not null,
  -- What is to be done, as it was decided then: the payment and how much of it, the subscription.
  call jsonb not null,
  by text not null check (length(by) between 1 and 300),
  note text check (length(note) <= 2000),
  -- The caller's own name for the request (Idempotency-Key): a second one under it is the same request.
  key text unique check (length(key) between 1 and 255),
  at timestamptz not null default now(),
  -- Set before Stripe is asked: whoever comes after a crash looks first whether it was done.
  tried_at timestamptz,
  done_at timestamptz,
  -- What Stripe made of it.
  stripe_id text,
  -- Why it will never be done, in Stripe's words.
  refused text,
  check (done_at is null or refused is null)
);

-- The timeline of an order, and what of its refunds is still on its way.
create index support_action_order on oncepaid.support_action (order_id, at);

-- An address that was corrected stays: the one Stripe collected is told again with every event.
alter table oncepaid."order" add column email_corrected_at timestamptz;

-- orders({ userId }): a user's orders, the newest first.
create index order_user on oncepaid."order" (user_id, id);
