import type { Facts } from "#/rules/facts.ts";

/**
 * The facts without what is known to have become of a plan's renewals: what was bought together with the plan was paid
 * with its first invoice, and no later payment says anything about it. Pure.
 */
export function withoutRenewals(facts: Facts): Facts {
  const first = new Set(Object.values(facts.sessions).map(({ invoice }) => invoice));
  const renewals = new Set(
    Object.entries(facts.invoices).flatMap(([id, { paymentIntent }]) =>
      first.has(id) ? [] : [paymentIntent],
    ),
  );
  // While it isn't known which invoice was the first, each payment may have been.
  if ([...first].every((invoice) => invoice === undefined)) return facts;
  const keep = <T extends { paymentIntent?: string }>(all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(all).filter(
        ([, { paymentIntent }]) => paymentIntent === undefined || !renewals.has(paymentIntent),
      ),
    );
  return {
    ...facts,
    charges: keep(facts.charges),
    refunds: keep(facts.refunds),
    disputes: keep(facts.disputes),
  };
}
