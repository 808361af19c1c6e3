import type { Engine } from "#/engine.ts";

/** Buyers' customers at Stripe, as far as orders depend on them. */

/** Nothing is sold to a customer again that was deleted at Stripe: it never comes back. */
export async function forgetCustomer(engine: Engine, customer: string): Promise<void> {
  await engine.database.query(
    "insert into oncepaid.deleted_customer (stripe_customer_id) values ($1) on conflict do nothing",
    [customer],
  );
}

/**
 * The address a customer has at Stripe from then on becomes that of their plans, where mails about renewals go; `at` is unix
 * seconds. One that support has corrected later stays.
 */
export async function changeAddress(
  engine: Engine,
  customer: string,
  email: string,
  at: number,
): Promise<void> {
  await engine.database.query(
    `update oncepaid."order" set email = $2, email_corrected_at = to_timestamp($3::double precision),
            version = version + 1, updated_at = now()
      where stripe_customer_id = $1 and mode = 'subscription'
        and coalesce(email_corrected_at < to_timestamp($3::double precision), true)`,
    [customer, email, at],
  );
}
