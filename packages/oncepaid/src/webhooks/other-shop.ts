import type { Engine } from "#/engine.ts";
import { type Origin, originOf } from "#/events/origin.ts";
import { findHeldOrders } from "#/orders/restore.ts";
import { shopIdOf } from "#/orders/shop-id.ts";

/**
 * Several shops may sell through one Stripe account, a test installation beside the real one for example, and Stripe tells
 * each of them of everything. What another one sold is none of this one's business: it is neither an error nor to be kept for a person.
 */

/** The object says by itself that another shop made it. */
export async function namesOtherShop(engine: Engine, object: unknown): Promise<boolean> {
  const { shop } = originOf(object);
  return shop !== undefined && shop !== (await shopIdOf(engine));
}

/**
 * The same, and for sessions of the time before shops had ids: one that sends its buyer somewhere else is another's, unless its order
 * is here, since a shop may have moved to another address.
 */
export async function isOfOtherShop(engine: Engine, { shop, returnUrl, orderId }: Origin): Promise<boolean> {
  if (shop !== undefined) return shop !== (await shopIdOf(engine));
  if (returnUrl === undefined || leadsHere(engine, returnUrl) || orderId === null) return false;
  return !(await findHeldOrders(engine, [orderId])).has(orderId);
}

/** Whether a buyer who goes there comes back to this shop. */
export function leadsHere({ settings }: Engine, url: string): boolean {
  return [settings.appUrl, ...settings.returnTo].some((origin) => url.startsWith(`${origin}/`));
}
