import { balanceTransactions } from "../resources/balance-transactions.ts";
import { charges } from "../resources/charges.ts";
import { checkoutSessions } from "../resources/checkout-sessions.ts";
import { customers } from "../resources/customers.ts";
import { events } from "../resources/events.ts";
import { invoicePayments } from "../resources/invoice-payments.ts";
import { invoices } from "../resources/invoices.ts";
import { paymentIntents } from "../resources/payment-intents.ts";
import { paymentMethods } from "../resources/payment-methods.ts";
import { paymentPages } from "../resources/payment-pages.ts";
import { prices } from "../resources/prices.ts";
import { products } from "../resources/products.ts";
import { refunds } from "../resources/refunds.ts";
import { setupIntents } from "../resources/setup-intents.ts";
import { subscriptions } from "../resources/subscriptions.ts";
import { webhookEndpoints } from "../resources/webhook-endpoints.ts";
import type { Endpoint } from "./endpoint.ts";

/** The whole `/v1` surface. */
export const routes: Endpoint[] = [
  ...checkoutSessions,
  ...products,
  ...prices,
  ...customers,
  ...paymentIntents,
  ...paymentMethods,
  ...setupIntents,
  ...charges,
  ...refunds,
  ...balanceTransactions,
  ...subscriptions,
  ...invoices,
  ...invoicePayments,
  ...events,
  ...webhookEndpoints,
  ...paymentPages,
];
