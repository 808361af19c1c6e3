import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { type Endpoint, readFor } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { withoutEmpty } from "../api/form.ts";
import { amount, boolean, currency, hash, ignored, list, notBuilt, oneOf, text } from "../api/params.ts";
import { formatMoney, minimumOf } from "../money.ts";
import { keepLineItems } from "../payment-intents/amount-line-items.ts";
import { confirmIntent } from "../payment-intents/confirm.ts";
import {
  amountDetails,
  common,
  confirming,
  detailsOf,
  optionsOf,
  paymentDetails,
  shippingOf,
} from "../payment-intents/fields.ts";
import { methodConfiguration } from "../payment-methods/configuration.ts";
import { namesTypes, offeredTypes } from "../payment-methods/types.ts";
import { buildIntent } from "../payments/intent.ts";
import { givenMethod } from "./given-method.ts";
import { methodParams } from "./payment-methods.ts";

const createParams = hash({
  ...common,
  ...confirming,
  allowed_payment_method_types: list(text()).optional(),
  amount: amount(),
  amount_details: amountDetails().optional(),
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
  payment_details: paymentDetails().optional(),
  payment_method_configuration: methodConfiguration(),
  payment_method_data: methodParams.optional(),
  radar_options: ignored("no_radar"),
  transfer_data: notBuilt(),
});

export const createPaymentIntent: Endpoint = {
  method: "POST",
  path: "/v1/payment_intents",
  params: createParams,
  prepare(raw) {
    // Requests of older versions arrive here with the newer name.
    if (raw.payment_method_types !== undefined) {
      throw invalid(
        "`payment_method_types` is no longer supported. Use `automatic_payment_methods`, `allowed_payment_method_types` or `excluded_payment_method_types` instead.",
        "payment_method_types",
        "payment_method_types_no_longer_supported",
      );
    }
    const params = readFor(createPaymentIntent, createParams, withoutEmpty(raw));
    return (act) => createFrom(act, params);
  },
};

const NOTHING =
  "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set. If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents";

/** What says how a payment is confirmed says nothing of one that isn't yet. */
const ONLY_CONFIRMED = [
  "error_on_requires_action",
  "mandate",
  "mandate_data",
  "off_session",
  "return_url",
] as const;

function createFrom(act: Act, params: z.output<typeof createParams>) {
  if (params.amount === 0) throw invalid(NOTHING, "amount", "amount_too_small");
  if (params.amount < minimumOf(params.currency)) {
    const least = `${formatMoney(minimumOf(params.currency), params.currency)} ${params.currency}`;
    throw invalid(`Amount must be at least ${least}`, "amount", "amount_too_small");
  }
  const early = params.confirm ? undefined : ONLY_CONFIRMED.find((name) => params[name] !== undefined);
  if (early) throw invalid(`\`${early}\` can only be used when \`confirm\` is true.`, early);
  if (params.customer && !act.store.find("customer", params.customer)) {
    throw noSuch("customer", params.customer, "customer");
  }
  const method = givenMethod(act, params, params.customer);
  const wanted = {
    allowed: params.allowed_payment_method_types,
    excluded: params.excluded_payment_method_types,
    strictly: namesTypes(act.version),
  };
  const types = offeredTypes(["card", "us_bank_account"], wanted, params.currency);
  const redirects = params.automatic_payment_methods?.allow_redirects ?? "always";
  const { amount_details, payment_details } = detailsOf({}, params);
  const made = buildIntent(act, {
    ...params,
    amount_details,
    payment_details,
    automatic_payment_methods: params.allowed_payment_method_types
      ? null
      : { allow_redirects: redirects, enabled: params.automatic_payment_methods?.enabled ?? true },
    customer: params.customer ?? null,
    metadata: mergeMetadata(null, params.metadata),
    payment_method: method ? method.id : undefined,
    payment_method_types: types,
    request_three_d_secure: params.payment_method_options?.card?.request_three_d_secure,
    shipping: shippingOf(params.shipping),
  });
  const payment_method_options = optionsOf(made.payment_method_options, params.payment_method_options);
  const intent = act.create({ ...made, payment_method_options });
  keepLineItems(act, intent.id, params.amount_details);
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
