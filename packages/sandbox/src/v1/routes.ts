import type { Endpoint } from "../api/endpoint.ts";
import { creditNotes } from "../credit-notes/notes.ts";
import { activeEntitlements } from "../entitlements/active-entitlements.ts";
import { features } from "../entitlements/features.ts";
import { productFeatures } from "../entitlements/product-features.ts";
import { paymentLinks } from "../payment-links/links.ts";
import { plans } from "../plans/plans.ts";
import { quotes } from "../quotes/quotes.ts";
import { accounts } from "../resources/account.ts";
import { balance } from "../resources/balance.ts";
import { balanceTransactions } from "../resources/balance-transactions.ts";
import { portalConfigurations } from "../resources/billing-portal-configurations.ts";
import { portalSessions } from "../resources/billing-portal-sessions.ts";
import { cashBalance } from "../resources/cash-balance.ts";
import { charges } from "../resources/charges.ts";
import { checkoutSessions } from "../resources/checkout-sessions.ts";
import { coupons } from "../resources/coupons.ts";
import { customerBalance } from "../resources/customer-balance.ts";
import { customers } from "../resources/customers.ts";
import { disputes } from "../resources/disputes.ts";
import { earlyFraudWarnings } from "../resources/early-fraud-warnings.ts";
import { events } from "../resources/events.ts";
import { invoiceItems } from "../resources/invoice-items.ts";
import { invoiceLineItems } from "../resources/invoice-line-items.ts";
import { invoicePayments } from "../resources/invoice-payments.ts";
import { invoices } from "../resources/invoices.ts";
import { meterEvents } from "../resources/meter-events.ts";
import { meters } from "../resources/meters.ts";
import { paymentIntents } from "../resources/payment-intents.ts";
import { paymentMethods } from "../resources/payment-methods.ts";
import { paymentPages } from "../resources/payment-pages.ts";
import { prices } from "../resources/prices.ts";
import { products } from "../resources/products.ts";
import { promotionCodes } from "../resources/promotion-codes.ts";
import { refunds } from "../resources/refunds.ts";
import { setupIntents } from "../resources/setup-intents.ts";
import { sources } from "../resources/sources.ts";
import { subscriptionItems } from "../resources/subscription-items.ts";
import { subscriptions } from "../resources/subscriptions.ts";
import { taxIds } from "../resources/tax-ids.ts";
import { taxRates } from "../resources/tax-rates.ts";
import { testClocks } from "../resources/test-clocks.ts";
import { tokens } from "../resources/tokens.ts";
import { upcomingInvoice } from "../resources/upcoming-invoice.ts";
import { webhookEndpoints } from "../resources/webhook-endpoints.ts";
import { subscriptionSchedules } from "../schedules/schedules.ts";
import { shippingRates } from "../shipping/rates.ts";
import { cliSessions } from "../stripe-listen/session.ts";

/** The whole `/v1` surface. */
export const routes: Endpoint[] = [
  ...checkoutSessions,
  ...products,
  ...productFeatures,
  ...features,
  ...activeEntitlements,
  ...prices,
  ...coupons,
  ...promotionCodes,
  ...customers,
  ...customerBalance,
  ...cashBalance,
  ...sources,
  ...accounts,
  ...plans,
  ...shippingRates,
  ...taxIds,
  ...taxRates,
  ...tokens,
  ...paymentIntents,
  ...paymentLinks,
  ...paymentMethods,
  ...setupIntents,
  ...charges,
  ...refunds,
  ...disputes,
  ...earlyFraudWarnings,
  ...balance,
  ...balanceTransactions,
  ...subscriptions,
  ...subscriptionItems,
  ...subscriptionSchedules,
  ...quotes,
  ...invoices,
  ...invoiceLineItems,
  ...invoiceItems,
  ...invoicePayments,
  ...creditNotes,
  ...meters,
  ...meterEvents,
  ...testClocks,
  ...portalConfigurations,
  ...portalSessions,
  ...events,
  ...webhookEndpoints,
  ...cliSessions,
  ...paymentPages,
];

/** What only older versions have. */
export const formerRoutes: Endpoint[] = [...upcomingInvoice];
