import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { refused } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import {
  amount,
  clearable,
  hash,
  ignored,
  integer,
  list,
  metadata,
  oneOf,
  paging,
  text,
} from "../api/params.ts";
import { keepLineItems, lineItemsOf } from "../payment-intents/amount-line-items.ts";
import { cancelIntent, captureIntent } from "../payment-intents/capture.ts";
import { confirmIntent } from "../payment-intents/confirm.ts";
import {
  amountDetails,
  cardOptions,
  confirming,
  detailsOf,
  intentAt,
  optionsOf,
  paymentDetails,
  shippingOf,
  shippingParams,
  typesAnew,
} from "../payment-intents/fields.ts";
import { ownMethodFor } from "../payment-methods/method.ts";
import { typesNamed } from "../payment-methods/types.ts";
import type { Kinds } from "../wire.ts";
import { givenMethod } from "./given-method.ts";
import { methodParams } from "./payment-methods.ts";

type Intent = Kinds["payment_intent"];

/** A payment that Checkout made is confirmed on its page. */
function refuseCheckouts(act: Act, intent: Intent, what: string): void {
  if (act.store.note(intent.id, "session") === undefined) return;
  throw refused(
    `You cannot ${what} this PaymentIntent because it was created by a Checkout Session. Expire the session instead.`,
    { code: "payment_intent_unexpected_state", payment_intent: intent },
  );
}

/** What moves a payment on. */
export const paymentIntentSteps: Endpoint[] = [
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id/confirm",
    params: hash({
      ...confirming,
      ...typesAnew,
      amount_details: clearable(amountDetails()).optional(),
      payment_details: clearable(paymentDetails()).optional(),
      capture_method: oneOf("automatic", "automatic_async", "manual").optional(),
      client_secret: ignored("browser_only"),
      payment_method: text().optional(),
      payment_method_data: methodParams.optional(),
      payment_method_options: cardOptions(),
      receipt_email: text().optional(),
      setup_future_usage: oneOf("off_session", "on_session").optional(),
      shipping: clearable(shippingParams()).optional(),
    }),
    run(act, params, { id }) {
      const found = intentAt(act, id);
      refuseCheckouts(act, found, "confirm");
      const given = givenMethod(act, params, found.customer);
      if (!given && !found.payment_method) {
        throw refused(
          "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
          { code: "payment_intent_unexpected_state", payment_intent: found },
        );
      }
      const method = given ?? ownMethodFor(act, found.payment_method ?? "", found.customer, "payment_method");
      keepLineItems(act, found.id, params.amount_details);
      const passed = act.store.note(found.id, "authenticated") === method.id;
      const intent = act.change(found, {
        ...detailsOf(found, params),
        ...typesNamed(found, params, act.version),
        capture_method: params.capture_method ?? found.capture_method,
        payment_method_options: optionsOf(found.payment_method_options, params.payment_method_options),
        receipt_email: params.receipt_email ?? found.receipt_email,
        setup_future_usage: params.setup_future_usage ?? found.setup_future_usage,
        shipping: params.shipping === undefined ? found.shipping : shippingOf(params.shipping),
      });
      return confirmIntent(act, intent, method, {
        authenticated: passed,
        created: null,
        errorOnAction: params.error_on_requires_action ?? false,
        offSession: params.off_session ?? false,
        returnUrl: params.return_url ?? null,
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id/capture",
    params: hash({
      amount_to_capture: integer({ min: 1 }).optional(),
      amount_details: clearable(amountDetails()).optional(),
      final_capture: ignored("once_captured"),
      metadata: metadata().optional(),
      payment_details: clearable(paymentDetails()).optional(),
      statement_descriptor: text(22).optional(),
      statement_descriptor_suffix: text(22).optional(),
    }),
    run(act, params, { id }) {
      const found = intentAt(act, id);
      const { statement_descriptor, statement_descriptor_suffix } = params;
      keepLineItems(act, found.id, params.amount_details);
      const changed = act.change(found, {
        ...detailsOf(found, params),
        metadata: mergeMetadata(found.metadata, params.metadata),
        statement_descriptor: cleared(statement_descriptor, found.statement_descriptor),
        statement_descriptor_suffix: cleared(statement_descriptor_suffix, found.statement_descriptor_suffix),
      });
      return captureIntent(act, changed, params.amount_to_capture);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id/cancel",
    params: hash({
      cancellation_reason: oneOf("abandoned", "duplicate", "fraudulent", "requested_by_customer").optional(),
    }),
    run(act, params, { id }) {
      const intent = intentAt(act, id);
      if (intent.status !== "requires_capture") refuseCheckouts(act, intent, "cancel");
      return cancelIntent(act, intent, params.cancellation_reason ?? null);
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/payment_intents/:id/amount_details_line_items",
    params: hash(paging),
    run(act, params, { id }) {
      const intent = intentAt(act, id);
      return pageOf(
        lineItemsOf(act.store, intent.id),
        `/v1/payment_intents/${intent.id}/amount_details_line_items`,
        params,
      );
    },
  }),
  endpoint({
    // Accounts here are known at once: no small amounts are sent to prove them.
    method: "POST",
    path: "/v1/payment_intents/:id/verify_microdeposits",
    params: hash({ amounts: list(integer()).optional(), descriptor_code: text().optional() }),
    run(act, _, { id }) {
      const intent = intentAt(act, id);
      throw refused("This PaymentIntent is not waiting for the verification of micro-deposits.", {
        code: "payment_intent_unexpected_state",
        payment_intent: intent,
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id/increment_authorization",
    params: hash({
      amount: amount(1),
      amount_details: amountDetails().optional(),
      description: text(1000).optional(),
      metadata: metadata().optional(),
      payment_details: paymentDetails().optional(),
      statement_descriptor: text(22).optional(),
    }),
    run(act, params, { id }) {
      const intent = intentAt(act, id);
      const charge = act.store.find("charge", intent.latest_charge ?? "");
      if (intent.status !== "requires_capture" || !charge || params.amount <= intent.amount) {
        throw refused("This PaymentIntent's authorization can't be incremented to this amount.", {
          code: "payment_intent_unexpected_state",
          payment_intent: intent,
        });
      }
      const statement_descriptor = cleared(params.statement_descriptor, intent.statement_descriptor);
      act.change(charge, { amount: params.amount, statement_descriptor });
      keepLineItems(act, intent.id, params.amount_details);
      return act.change(
        intent,
        {
          ...detailsOf(intent, params),
          amount: params.amount,
          amount_capturable: params.amount,
          description: cleared(params.description, intent.description),
          metadata: mergeMetadata(intent.metadata, params.metadata),
          statement_descriptor,
        },
        "payment_intent.amount_capturable_updated",
      );
    },
  }),
];
