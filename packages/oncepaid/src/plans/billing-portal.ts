import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { whyCustomerNotAtStripe } from "#/orders/at-stripe.ts";
import { forgetCustomer } from "#/orders/customers.ts";
import { createPortalSession, type PortalFlow } from "#/stripe/portal.ts";

/** `returnUrl`: the app's own page that the customer comes back to, or the account page. `flow`: the one thing that is to be done. */
export type PortalRequest = {
  userId: string;
  /** The plan it is about, where a user has several. */
  entitlementId?: string | undefined;
  returnUrl?: string | undefined;
  flow?: PortalFlow["type"] | undefined;
};

const UNAVAILABLE = failure(
  "stripe_unavailable",
  "Stripe's billing page can't be opened right now; it is safe to try again.",
);

/**
 * Stripe's page on which a customer changes seats, cards and the end of a subscription. Whatever is done there comes back
 * as events. The customer is the one of an order of this user: of the entitlement's, else of the newest that has
 * one, plans first, because accounts that became one may have several.
 */
export async function openBillingPortal(
  engine: Engine,
  request: PortalRequest,
  elsewhere: readonly string[] = [],
): Promise<{ ok: true; url: string } | Failure> {
  const { userId, entitlementId, returnUrl = `${engine.settings.appUrl}/account`, flow } = request;
  const found = await customerOf(engine, { userId, entitlementId, elsewhere });
  if (!found) {
    return elsewhere.length > 0
      ? UNAVAILABLE
      : failure("no_customer", "There is nothing to manage at Stripe for this account.");
  }
  const { customer, subscription } = found;
  const about = flow && flowOf(flow, subscription);
  if (about && "ok" in about) return about;
  const created = await createPortalSession(engine.stripe, { customer, returnUrl, flow: about });
  if (created.ok) return { ok: true, url: created.url };
  engine.log.warn({ customer, reason: created.reason }, "portal not opened");
  if (!created.missing) return UNAVAILABLE;
  // An earlier purchase may have made another one.
  return openBillingPortal(engine, request, await without(engine, customer, elsewhere));
}

/** What another account has is there again with its key, so it is only passed over now. */
async function without(
  engine: Engine,
  customer: string,
  elsewhere: readonly string[],
): Promise<readonly string[]> {
  const reason = await whyCustomerNotAtStripe(engine, customer);
  if (reason !== undefined) {
    engine.log.error({ customer, reason }, "portal not opened");
    return [...elsewhere, customer];
  }
  await forgetCustomer(engine, customer);
  return elsewhere;
}

function flowOf(type: PortalFlow["type"], subscription: string | null): PortalFlow | Failure {
  if (type === "payment_method_update") return { type };
  return subscription === null
    ? failure("no_subscription", "This account has no plan that could be changed.")
    : { type, subscription };
}

type Found = { customer: string; subscription: string | null };

async function customerOf(
  engine: Engine,
  {
    userId,
    entitlementId,
    elsewhere,
  }: { userId: string; entitlementId: string | undefined; elsewhere: readonly string[] },
): Promise<Found | undefined> {
  if (entitlementId !== undefined && !isUuid(entitlementId)) return undefined;
  const { rows } = await engine.database.query<Found>(
    `select o.stripe_customer_id as customer,
            case when e.kind = 'plan' and e.state <> 'ended' then o.stripe_subscription_id end as subscription
       from oncepaid."order" o left join oncepaid.entitlement e on e.order_id = o.id
      where o.user_id = $1 and o.livemode = $3 and o.stripe_customer_id is not null
        and not exists (select from oncepaid.deleted_customer d where d.stripe_customer_id = o.stripe_customer_id)
        and ($2::uuid is null or e.id = $2::uuid) and o.stripe_customer_id <> all ($4::text[])
      order by coalesce(e.kind = 'plan' and e.state <> 'ended', false) desc, o.paid_at desc nulls last limit 1`,
    [userId, entitlementId ?? null, engine.settings.stripe.mode === "live", elsewhere],
  );
  return rows[0];
}
