import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { forgetCustomer } from "#/orders/customers.ts";
import { createPortalSession } from "#/stripe/portal.ts";

/**
 * Stripe's page on which a customer changes seats, cards and the end of a subscription. Whatever is done there comes back
 * as events. The customer is the one of an order of this user: of the entitlement's, else of the newest that has
 * one, plans first, because accounts that became one may have several.
 */
export async function openBillingPortal(
  engine: Engine,
  userId: string,
  entitlementId: string | undefined,
): Promise<{ ok: true; url: string } | Failure> {
  const customer = await customerOf(engine, userId, entitlementId);
  if (!customer) {
    return failure("no_customer", "There is nothing to manage at Stripe for this account.");
  }
  const created = await createPortalSession(engine.stripe, customer, `${engine.settings.appUrl}/account`);
  if (created.ok) return { ok: true, url: created.url };
  engine.log.warn({ customer, reason: created.reason }, "portal not opened");
  if (!created.deleted) {
    return failure(
      "stripe_unavailable",
      "Stripe's billing page can't be opened right now; it is safe to try again.",
    );
  }
  // An earlier purchase may have made another one.
  await forgetCustomer(engine, customer);
  return openBillingPortal(engine, userId, entitlementId);
}

async function customerOf(
  engine: Engine,
  userId: string,
  entitlementId: string | undefined,
): Promise<string | undefined> {
  const { rows } = await engine.database.query<{ customer: string }>(
    `select o.stripe_customer_id as customer
       from oncepaid."order" o left join oncepaid.entitlement e on e.order_id = o.id
      where o.user_id = $1 and o.livemode = $3 and o.stripe_customer_id is not null
        and not exists (select from oncepaid.deleted_customer d where d.stripe_customer_id = o.stripe_customer_id)
        and ($2::uuid is null or e.id = $2::uuid)
      order by coalesce(e.kind = 'plan' and e.state <> 'ended', false) desc, o.paid_at desc nulls last limit 1`,
    [userId, entitlementId ?? null, engine.settings.stripe.mode === "live"],
  );
  return rows[0]?.customer;
}
