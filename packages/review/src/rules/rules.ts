import { accessOnSuccessPage } from "./access-on-success-page.ts";
import { badSignatureAcknowledged } from "./bad-signature-acknowledged.ts";
import { clientChosenAmount } from "./client-chosen-amount.ts";
import { clientChosenCustomer } from "./client-chosen-customer.ts";
import { clientChosenDiscount } from "./client-chosen-discount.ts";
import { clientChosenPrice } from "./client-chosen-price.ts";
import { clientChosenTier } from "./client-chosen-tier.ts";
import { eventDoneBeforeWork } from "./event-done-before-work.ts";
import { eventsOrderedByCreated } from "./events-ordered-by-created.ts";
import {
  cancellationsUnhandled,
  delayedPaymentsUnhandled,
  disputesUnhandled,
  refundsUnhandled,
} from "./events-unhandled.ts";
import { failureAcknowledged } from "./failure-acknowledged.ts";
import { fractionalAmount } from "./fractional-amount.ts";
import { grantNotAwaited } from "./grant-not-awaited.ts";
import { grantedTwice } from "./granted-twice.ts";
import { idempotencyKeyMissing, idempotencyKeyRandom, idempotencyKeyReused } from "./idempotency-keys.ts";
import { metadataOnSessionOnly } from "./metadata-on-session-only.ts";
import { partialRefundAsFull } from "./partial-refund-as-full.ts";
import { paymentStatusUnchecked } from "./payment-status-unchecked.ts";
import { personalDataInMetadata } from "./personal-data-in-metadata.ts";
import { rawStripeRequest } from "./raw-stripe-request.ts";
import { redirectFromRequest } from "./redirect-from-request.ts";
import type { Rule } from "./rule.ts";
import { secretInSource } from "./secret-in-source.ts";
import { secretKeyInBrowser } from "./secret-key-in-browser.ts";
import { sessionWithoutOrder } from "./session-without-order.ts";
import { signedInBySessionId } from "./signed-in-by-session-id.ts";
import { testAndLiveMixed } from "./test-and-live-mixed.ts";
import { thinEventAsSnapshot } from "./thin-event-as-snapshot.ts";
import { unhandledEventRefused } from "./unhandled-event-refused.ts";
import { webhookBodyParsed } from "./webhook-body-parsed.ts";
import { webhookSecretEmpty } from "./webhook-secret-empty.ts";
import { webhookUnverified } from "./webhook-unverified.ts";

/** Every rule, in the order of README.md: secrets, starting a checkout, the webhook, granting, taking back. */
export const RULES: readonly Rule[] = [
  secretInSource,
  secretKeyInBrowser,
  testAndLiveMixed,
  clientChosenAmount,
  clientChosenPrice,
  clientChosenTier,
  clientChosenDiscount,
  clientChosenCustomer,
  fractionalAmount,
  redirectFromRequest,
  sessionWithoutOrder,
  metadataOnSessionOnly,
  personalDataInMetadata,
  idempotencyKeyMissing,
  idempotencyKeyRandom,
  idempotencyKeyReused,
  rawStripeRequest,
  webhookUnverified,
  webhookSecretEmpty,
  webhookBodyParsed,
  thinEventAsSnapshot,
  badSignatureAcknowledged,
  failureAcknowledged,
  grantNotAwaited,
  unhandledEventRefused,
  eventDoneBeforeWork,
  eventsOrderedByCreated,
  grantedTwice,
  paymentStatusUnchecked,
  accessOnSuccessPage,
  signedInBySessionId,
  refundsUnhandled,
  partialRefundAsFull,
  disputesUnhandled,
  cancellationsUnhandled,
  delayedPaymentsUnhandled,
];
