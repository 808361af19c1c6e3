/** Where Stripe's dashboard shows an object; a local sandbox shows its own. */
export type Dashboard = { sandbox: string | undefined };

const PAGES = {
  session: "checkout/sessions",
  paymentIntent: "payments",
  subscription: "subscriptions",
  customer: "customers",
} as const;

export type StripeObject = keyof typeof PAGES;
export const STRIPE_OBJECTS: readonly StripeObject[] = [
  "paymentIntent",
  "subscription",
  "customer",
  "session",
];

/** @example stripePage({ sandbox: undefined }, "paymentIntent", "pi_1", false) // https://dashboard.stripe.com/test/payments/pi_1 */
export function stripePage(
  { sandbox }: Dashboard,
  object: StripeObject,
  id: string,
  livemode: boolean,
): string {
  if (sandbox !== undefined) return new URL(`/dashboard/objects/${encodeURIComponent(id)}`, sandbox).href;
  return `https://dashboard.stripe.com/${livemode ? "" : "test/"}${PAGES[object]}/${encodeURIComponent(id)}`;
}
