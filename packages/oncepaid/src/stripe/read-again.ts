import Stripe from "stripe";
import { z } from "zod";
import type { StripeClient } from "#/stripe/client.ts";
import { isObjectType, OBJECTS } from "#/stripe/objects.ts";

const named = z.object({ id: z.string(), object: z.string() });

/**
 * The same object as Stripe shows it now, in the API version of this SDK; undefined when Stripe doesn't have it or it is
 * of no type that is read here. Throws Stripe's error when it can't be asked, so that the event fails and is tried again.
 */
export async function readAgain(stripe: StripeClient, object: unknown): Promise<unknown> {
  const parsed = named.safeParse(object);
  if (!parsed.success || !isObjectType(parsed.data.object)) return undefined;
  try {
    return await OBJECTS[parsed.data.object].retrieve(stripe, parsed.data.id);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined;
    throw error;
  }
}
