import { stripe } from "#/stripe/client.ts";

/** A price as a page shows it. `unitAmount` is in minor units; `interval` (`day`, `week`, `month`, `year`) is set for what renews. */
export type Price = {
  id: string;
  unitAmount: number;
  currency: string;
  interval: string | null;
  intervalCount: number;
};

/** Reads one price; undefined when it has no fixed amount or is archived. Throws Stripe's error otherwise. */
export async function retrievePrice(id: string): Promise<Price | undefined> {
  const { active, unit_amount, currency, recurring } = await stripe().prices.retrieve(id);
  if (!active || unit_amount === null) return undefined;
  return {
    id,
    unitAmount: unit_amount,
    currency,
    interval: recurring?.interval ?? null,
    intervalCount: recurring?.interval_count ?? 1,
  };
}
