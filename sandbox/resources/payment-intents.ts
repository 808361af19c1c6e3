import type { z } from "zod";
import type { Act } from "../act.ts";
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import { withoutEmpty } from "../api/form.ts";
import {
  address,
  amount,
  boolean,
  clearable,
  currency,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  read,
  text,
  url,
} from "../api/params.ts";
import { createdWithin, is, listRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { formatMoney, minimumOf } from "../money.ts";
import { cancelIntent, captureIntent } from "../payments/capture.ts";
import { confirmIntent } from "../payments/confirm.ts";
import { createIntent } from "../payments/intent.ts";
import { paymentMethodFor } from "../payments/method.ts";
import type { Kinds } from "../wire.ts";
import { addressOf } from "./address.ts";
import { cleared, mergeMetadata } from "./changes.ts";
import { searchOf, searchParams } from "./search.ts";

type Intent = Kinds["payment_intent"];

const intentAt = (act: Act, id?: string) => stored(act, "payment_intent", id, { param: "intent" });

const shippingParams = () =>
  hash({
    address: address(),
    carrier: text().optional(),
    name: text(),
    phone: text().optional(),
    tracking_number: text().optional(),
  });

const cardOptions = () =>
  hash({
    card: hash({
      capture_method: ignored(),
      cvc_token: ignored(),
      installments: ignored(),
      mandate_options: ignored(),
      moto: ignored(),
      network: ignored(),
      request_three_d_secure: oneOf("any", "automatic", "challenge").optional(),
      setup_future_usage: ignored(),
    }).optional(),
    sepa_debit: ignored(),
    us_bank_account: ignored(),
  }).optional();

const common = {
  description: text(1000).optional(),
  metadata: metadata().optional(),
  payment_method: text().optional(),
  payment_method_options: cardOptions(),
  receipt_email: text().optional(),
  setup_future_usage: oneOf("off_session", "on_session").optional(),
  shipping: clearable(shippingParams()).optional(),
  statement_descriptor: text(22).optional(),
  statement_descriptor_suffix: text(22).optional(),
  transfer_group: text().optional(),
};

const confirming = {
  error_on_requires_action: boolean().optional(),
  mandate: ignored(),
  mandate_data: ignored(),
  off_session: boolean().optional(),
  return_url: url().optional(),
  use_stripe_sdk: ignored(),
};

const createParams = hash({
  ...common,
  ...confirming,
  allowed_payment_method_types: list(text()).optional(),
  amount: amount(1),
  amount_details: ignored(),
  application_fee_amount: notBuilt(),
  automatic_payment_methods: hash({
    allow_redirects: oneOf("always", "never").optional(),
    enabled: boolean(),
  }).optional(),
  capture_method: oneOf("automatic", "automatic_async", "manual").optional(),
  confirm: boolean().optional(),
  confirmation_method: oneOf("automatic", "manual").optional(),
  currency: currency(),
  customer: text().optional(),
  excluded_payment_method_types: list(text()).optional(),
  on_behalf_of: notBuilt(),
  payment_details: ignored(),
  payment_method_configuration: ignored(),
  payment_method_data: notBuilt(),
  radar_options: ignored(),
  transfer_data: notBuilt(),
});

const create: Endpoint = {
  method: "POST",
  path: "/v1/payment_intents",
  prepare(raw) {
    // Requests of older versions arrive here with the newer name.
    if (raw.payment_method_types !== undefined) {
      throw invalid(
        "`payment_method_types` is no longer supported. Use `automatic_payment_methods`, `allowed_payment_method_types` or `excluded_payment_method_types` instead.",
        "payment_method_types",
        "payment_method_types_no_longer_supported",
      );
    }
    const params = read(createParams, withoutEmpty(raw));
    return (act) => createFrom(act, params);
  },
};

function createFrom(act: Act, params: z.output<typeof createParams>) {
  if (params.amount < minimumOf(params.currency)) {
    const least = `${formatMoney(minimumOf(params.currency), params.currency)} ${params.currency}`;
    throw invalid(`Amount must be at least ${least}`, "amount", "amount_too_small");
  }
  if (params.customer && !act.store.find("customer", params.customer)) {
    throw noSuch("customer", params.customer, "customer");
  }
  const method = params.payment_method && paymentMethodFor(act, params.payment_method, "payment_method");
  if (method && method.customer !== null && method.customer !== params.customer) {
    throw refused(
      `The provided PaymentMethod (${method.id}) belongs to a different customer. Please include the customer in the \`customer\` parameter.`,
    );
  }
  const redirects = params.automatic_payment_methods?.allow_redirects ?? "always";
  const intent = createIntent(act, {
    ...params,
    automatic_payment_methods: params.allowed_payment_method_types
      ? null
      : { allow_redirects: redirects, enabled: params.automatic_payment_methods?.enabled ?? true },
    customer: params.customer ?? null,
    metadata: mergeMetadata(null, params.metadata),
    payment_method: method ? method.id : undefined,
    payment_method_types: params.allowed_payment_method_types ?? ["card", "us_bank_account"],
    request_three_d_secure: params.payment_method_options?.card?.request_three_d_secure,
    shipping: shippingOf(params.shipping),
  });
  if (!params.confirm) {
    act.emit("payment_intent.created", intent);
    return intent;
  }
  if (!method) throw missing("payment_method");
  return confirmIntent(act, intent, method, {
    created: { ...intent, payment_method: null, status: "requires_payment_method" },
    errorOnAction: params.error_on_requires_action ?? false,
    offSession: params.off_session ?? false,
    returnUrl: params.return_url ?? null,
  });
}

function shippingOf(given: z.output<typeof createParams>["shipping"]): Intent["shipping"] {
  if (!given) return null;
  return {
    address: addressOf(given.address),
    carrier: given.carrier ?? null,
    name: given.name,
    phone: given.phone ?? null,
    tracking_number: given.tracking_number ?? null,
  };
}

/** A payment that Checkout made is confirmed on its page. */
function refuseCheckouts(act: Act, intent: Intent, what: string): void {
  if (act.store.note(intent.id, "session") === undefined) return;
  throw refused(
    `You cannot ${what} this PaymentIntent because it was created by a Checkout Session. Expire the session instead.`,
    { code: "payment_intent_unexpected_state", payment_intent: intent },
  );
}

export const paymentIntents: Endpoint[] = [
  create,
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
    params: hash({ client_secret: ignored() }),
    run: (act, _, { id }) => intentAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id",
    params: hash({
      ...common,
      amount: amount(1).optional(),
      amount_details: ignored(),
      currency: currency().optional(),
      customer: text().optional(),
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
      const method = params.payment_method && paymentMethodFor(act, params.payment_method, "payment_method");
      return act.change(intent, {
        amount: params.amount ?? intent.amount,
        currency: params.currency ?? intent.currency,
        customer: cleared(params.customer, intent.customer),
        description: cleared(params.description, intent.description),
        metadata: mergeMetadata(intent.metadata, params.metadata),
        ...(method && { payment_method: method.id, status: "requires_confirmation" as const }),
        receipt_email: cleared(params.receipt_email, intent.receipt_email),
        setup_future_usage: params.setup_future_usage ?? intent.setup_future_usage,
        shipping: params.shipping === undefined ? intent.shipping : shippingOf(params.shipping),
        statement_descriptor: cleared(params.statement_descriptor, intent.statement_descriptor),
        transfer_group: cleared(params.transfer_group, intent.transfer_group),
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_intents/:id/confirm",
    params: hash({
      ...confirming,
      capture_method: oneOf("automatic", "automatic_async", "manual").optional(),
      client_secret: ignored(),
      payment_method: text().optional(),
      payment_method_options: cardOptions(),
      receipt_email: text().optional(),
      setup_future_usage: oneOf("off_session", "on_session").optional(),
      shipping: clearable(shippingParams()).optional(),
    }),
    run(act, params, { id }) {
      const found = intentAt(act, id);
      refuseCheckouts(act, found, "confirm");
      const wanted = params.payment_method ?? found.payment_method;
      if (!wanted) {
        throw refused(
          "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
          { code: "payment_intent_unexpected_state", payment_intent: found },
        );
      }
      const method = paymentMethodFor(act, wanted, "payment_method");
      const passed = act.store.note(found.id, "authenticated") === method.id;
      const wish = params.payment_method_options?.card?.request_three_d_secure;
      const options = found.payment_method_options;
      const intent = act.change(found, {
        capture_method: params.capture_method ?? found.capture_method,
        ...(wish &&
          options?.card && {
            payment_method_options: { ...options, card: { ...options.card, request_three_d_secure: wish } },
          }),
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
      final_capture: ignored(),
      metadata: metadata().optional(),
      statement_descriptor: text(22).optional(),
      statement_descriptor_suffix: text(22).optional(),
    }),
    run(act, params, { id }) {
      const captured = captureIntent(act, intentAt(act, id), params.amount_to_capture);
      if (params.metadata === undefined) return captured;
      return act.change(captured, { metadata: mergeMetadata(captured.metadata, params.metadata) });
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
    method: "POST",
    path: "/v1/payment_intents/:id/increment_authorization",
    params: hash({ amount: amount(1), description: text(1000).optional(), metadata: metadata().optional() }),
    run(act, params, { id }) {
      const intent = intentAt(act, id);
      const charge = act.store.find("charge", intent.latest_charge ?? "");
      if (intent.status !== "requires_capture" || !charge || params.amount <= intent.amount) {
        throw refused("This PaymentIntent's authorization can't be incremented to this amount.", {
          code: "payment_intent_unexpected_state",
          payment_intent: intent,
        });
      }
      act.change(charge, { amount: params.amount });
      return act.change(
        intent,
        { amount: params.amount, amount_capturable: params.amount },
        "payment_intent.amount_capturable_updated",
      );
    },
  }),
];
