import { cleared, mergeMetadata } from "../api/changes.ts";
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { refused } from "../api/errors.ts";
import { amount, clearable, currency, hash, ignored, oneOf, text } from "../api/params.ts";
import { createdWithin, is, listRoute } from "../api/read-routes.ts";
import { keepLineItems } from "../payment-intents/amount-line-items.ts";
import {
  amountDetails,
  common,
  detailsOf,
  intentAt,
  optionsOf,
  paymentDetails,
  shippingOf,
  typesAnew,
} from "../payment-intents/fields.ts";
import { methodConfiguration } from "../payment-methods/configuration.ts";
import { typesNamed } from "../payment-methods/types.ts";
import { givenMethod } from "./given-method.ts";
import { createPaymentIntent } from "./payment-intent-create.ts";
import { paymentIntentSteps } from "./payment-intent-steps.ts";
import { methodParams } from "./payment-methods.ts";
import { searchOf, searchParams } from "./search.ts";

export const paymentIntents: Endpoint[] = [
  createPaymentIntent,
  endpoint({
    method: "GET",
    path: "/v1/payment_intents/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "payment_intent", "/v1/payment_intents/search", params),
  }),
  listRoute({
    kind: "payment_intent",
    path: "/v1/payment_intents",
    by: {
      created: createdWithin(),
      customer: is("customer"),
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/payment_intents/:id",
    params: hash({ client_secret: ignored("browser_only") }),
    run: (act, _, { id }) => intentAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id",
    params: hash({
      ...common,
      ...typesAnew,
      amount: amount(1).optional(),
      amount_details: clearable(amountDetails()).optional(),
      payment_details: clearable(paymentDetails()).optional(),
      capture_method: oneOf("automatic", "automatic_async", "manual").optional(),
      currency: currency().optional(),
      customer: text().optional(),
      payment_method_configuration: methodConfiguration(),
      payment_method_data: methodParams.optional(),
    }),
    run(act, params, { id }) {
      const intent = intentAt(act, id);
      const fixed = !["requires_payment_method", "requires_confirmation", "requires_action"].includes(
        intent.status,
      );
      if (fixed && (params.amount !== undefined || params.currency || params.payment_method)) {
        throw refused(
          `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}. You may only update the amount of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.`,
          { code: "payment_intent_unexpected_state", payment_intent: intent },
        );
      }
      const customer = cleared(params.customer, intent.customer);
      const method = givenMethod(act, params, customer);
      keepLineItems(act, intent.id, params.amount_details);
      return act.change(intent, {
        ...detailsOf(intent, params),
        ...typesNamed(intent, params, act.version),
        amount: params.amount ?? intent.amount,
        capture_method: params.capture_method ?? intent.capture_method,
        currency: params.currency ?? intent.currency,
        customer,
        description: cleared(params.description, intent.description),
        metadata: mergeMetadata(intent.metadata, params.metadata),
        ...(method && { payment_method: method.id, status: "requires_confirmation" as const }),
        payment_method_options: optionsOf(intent.payment_method_options, params.payment_method_options),
        receipt_email: cleared(params.receipt_email, intent.receipt_email),
        setup_future_usage: params.setup_future_usage ?? intent.setup_future_usage,
        shipping: params.shipping === undefined ? intent.shipping : shippingOf(params.shipping),
        statement_descriptor: cleared(params.statement_descriptor, intent.statement_descriptor),
        statement_descriptor_suffix: cleared(
          params.statement_descriptor_suffix,
          intent.statement_descriptor_suffix,
        ),
        transfer_group: cleared(params.transfer_group, intent.transfer_group),
      });
    },
  }),
  ...paymentIntentSteps,
];
