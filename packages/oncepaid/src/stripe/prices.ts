import type { StripeClient } from "#/stripe/client.ts";

/** A price as a page shows it. `unitAmount` is in minor units; `interval` (`day`, `week`, `month`, `year`) is set for what renews. */
export type Price = {
  id: string;
  unitAmount: number;
  currency: string;
  /** What it costs in each currency it has an amount of its own in, its default among them; minor units. */
  amounts: Record<string, number>;
  interval: string | null;
  intervalCount: number;
};

/** Reads one price; undefined when it has no fixed amount or is archived. Throws Stripe's error otherwise. */
export async function retrievePrice(stripe: StripeClient, id: string): Promise<Price | undefined> {
  const { active, unit_amount, currency, currency_options, recurring } = await stripe.prices.retrieve(id, {
    expand: ["currency_options"],
  });
  if (!active || unit_amount === null) return undefined;
  return {
    id,
    unitAmount: unit_amount,
    currency,
    amounts: Object.fromEntries([
      [currency, unit_amount],
      ...Object.entries(currency_options ?? {}).flatMap(([code, option]) =>
        option.unit_amount === null ? [] : [[code, option.unit_amount] as const],
      ),
    ]),
    interval: recurring?.interval ?? null,
    intervalCount: recurring?.interval_count ?? 1,
  };
}
