import type { Engine } from "#/engine.ts";
import { hasOneOf, type Kept } from "#/stripe/whether-there.ts";

/**
 * Whether the key looks into the account and mode that an order came from. With a key of another one Stripe has nothing of the order
 * and answers for each object as for one that never was, while the right account goes on billing. So "Stripe doesn't have it" counts
 * for an order only where Stripe has something else of it.
 */

type Known = Kept & { livemode: boolean };

/** A sentence that says why what Stripe doesn't have says nothing of this order; undefined where it does. */
export async function whyNotAtStripe(engine: Engine, orderId: string): Promise<string | undefined> {
  const order = await read(engine, "o.id = $1::uuid", orderId);
  return order && why(engine, order);
}

/** The same by the mode alone, before Stripe is asked for anything. */
export async function whyOtherMode(engine: Engine, orderId: string): Promise<string | undefined> {
  const order = await read(engine, "o.id = $1::uuid", orderId);
  return order && otherMode(engine, order);
}

/** The same for a customer: whether it was deleted, or is of another account. */
export async function whyCustomerNotAtStripe(engine: Engine, customer: string): Promise<string | undefined> {
  const order = await read(engine, "o.stripe_customer_id = $1::text", customer);
  return order && why(engine, order);
}

/** For jobs: throws where the key is the wrong one, so that they are tried again, and then wait for a person. */
export async function mustBeAtStripe(engine: Engine, orderId: string): Promise<void> {
  const reason = await whyNotAtStripe(engine, orderId);
  if (reason !== undefined) throw new Error(reason);
}

/** Whether the key's account has what was sold last in its mode; true where nothing was sold yet. */
export async function hasNewestOrder({ database, settings, stripe }: Engine): Promise<boolean> {
  const { rows } = await database.query<Kept>(
    `select a.session_id as session, o.stripe_customer_id as customer
       from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
      where o.livemode = $1 and a.session_id is not null order by o.id desc limit 1`,
    [settings.stripe.mode === "live"],
  );
  const [newest] = rows;
  return newest === undefined || hasOneOf(stripe, newest);
}

async function why(engine: Engine, order: Known): Promise<string | undefined> {
  const other = otherMode(engine, order);
  if (other !== undefined || (await hasOneOf(engine.stripe, order))) return other;
  return "Stripe has neither this order's Checkout Session nor its customer, so the API key is of another account, or everything in the account was deleted. Nothing was changed.";
}

function otherMode({ settings }: Engine, { livemode }: Known): string | undefined {
  const live = settings.stripe.mode === "live";
  if (livemode === live) return undefined;
  return `This order is of ${mode(livemode)} mode, and the API key of ${mode(live)} mode. Nothing was changed.`;
}

function mode(live: boolean): string {
  return live ? "live" : "test";
}

async function read({ database }: Engine, condition: string, id: string): Promise<Known | undefined> {
  const { rows } = await database.query<Known>(
    `select o.livemode, o.stripe_customer_id as customer,
            (select a.session_id from oncepaid.checkout_attempt a
              where a.order_id = o.id and a.session_id is not null order by a.attempt desc limit 1) as session
       from oncepaid."order" o where ${condition} order by o.created_at desc limit 1`,
    [id],
  );
  return rows[0];
}
