import type { Act } from "../act.ts";
import { planLife } from "../billing/plan.ts";
import { billingModeOf, NO_SETTINGS, newSubscription, type Subscription } from "../billing/subscription.ts";
import { invoiceSettingsOf } from "../billing/subscription-fields.ts";
import { AUTOMATIC } from "../tax/on-invoice.ts";
import { ratesAt } from "../tax/rates.ts";
import type { Contents } from "./contents.ts";

const DAY = 86_400;

/** The subscription that a paid session starts. `latest_invoice` is filled in once there is one. */
export function buildSubscription(
  act: Act,
  given: {
    automaticTax: boolean;
    contents: Contents;
    currency: string;
    customer: string;
    paymentMethod: string | null;
    missingMethod: string;
  },
): Subscription {
  const { trialDays, trialEnd, description, metadata, ...said } = given.contents.subscription;
  const { billingMode: mode, invoiceSettings } = said;
  const until = trialEnd ?? (trialDays === undefined ? null : act.now + trialDays * DAY);
  const { lineRates, defaultRates } = given.contents;
  const items = given.contents.lines
    .filter((line) => line.price?.type === "recurring")
    .flatMap(({ id, price, quantity, metadata: own }) =>
      price
        ? [{ price, quantity: quantity ?? 1, metadata: own ?? {}, taxRates: ratesAt(act, lineRates?.[id]) }]
        : [],
    );
  const subscription = newSubscription(act, {
    currency: given.currency,
    customer: given.customer,
    items,
    trialEnd: until,
    missingMethod: given.missingMethod,
    fields: {
      ...(given.automaticTax && { automatic_tax: { ...AUTOMATIC, disabled_reason: null } }),
      ...(mode && { billing_mode: billingModeOf(mode, act.now) }),
      ...(invoiceSettings && {
        invoice_settings: invoiceSettingsOf(NO_SETTINGS.invoice_settings, invoiceSettings),
      }),
      default_payment_method: given.paymentMethod,
      default_tax_rates: ratesAt(act, defaultRates),
      description: description ?? null,
      metadata,
    },
  });
  planLife(act, subscription);
  return subscription;
}
