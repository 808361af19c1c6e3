import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import { amount, boolean, clearable, currency, hash, integer, metadata, oneOf, text } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { captureCharge } from "../payment-intents/capture.ts";
import { shippingOf, shippingParams } from "../payment-intents/fields.ts";
import { cardError } from "../payment-methods/card-error.ts";
import { cardFromToken, ownMethodFor } from "../payment-methods/method.ts";
import { announceCharge, chargeCard } from "../payments/charge.ts";
import { buildIntent } from "../payments/intent.ts";
import type { Kinds } from "../wire.ts";
import { searchOf, searchParams } from "./search.ts";

export const chargeAt = (act: Act, id?: string): Kinds["charge"] => stored(act, "charge", id);

/** What an old integration charges: a token, or the customer's default card. */
function sourceOf(act: Act, source: string | undefined, customer: Kinds["customer"] | undefined) {
  if (source?.startsWith("tok_")) return cardFromToken(act, source, "source");
  const id = source ?? customer?.default_source ?? customer?.invoice_settings.default_payment_method;
  if (!id) throw missing("source");
  if (id.startsWith("ba_")) {
    throw invalid(
      "A bank account pays by a PaymentIntent in the sandbox, not by a charge of its own.",
      "source",
    );
  }
  return ownMethodFor(act, id, customer?.id, "source");
}

export const charges = [
  endpoint({
    method: "POST",
    path: "/v1/charges",
    creates: true,
    params: hash({
      amount: amount(1),
      capture: boolean().optional(),
      currency: currency(),
      customer: text().optional(),
      description: text().optional(),
      metadata: metadata().optional(),
      receipt_email: text().optional(),
      shipping: shippingParams().optional(),
      source: text().optional(),
      statement_descriptor: text(22).optional(),
      statement_descriptor_suffix: text(22).optional(),
      transfer_group: text().optional(),
    }),
    run(act, params) {
      const customer = params.customer ? act.store.find("customer", params.customer) : undefined;
      if (params.customer && !customer) throw noSuch("customer", params.customer, "customer");
      const method = sourceOf(act, params.source, customer);
      // A charge of its own is made as an intent's is, and the intent thrown away.
      const intent = buildIntent(act, {
        ...params,
        capture_method: params.capture === false ? "manual" : "automatic",
        customer: customer?.id ?? null,
        metadata: mergeMetadata(null, params.metadata),
        payment_method_types: ["card"],
        shipping: shippingOf(params.shipping),
      });
      const attempt = chargeCard(act, intent, method);
      const charge = act.change(attempt.charge, { payment_intent: null });
      if (attempt.ok) {
        announceCharge(act, charge);
        return act.store.find("charge", charge.id) ?? charge;
      }
      act.emit("charge.failed", charge);
      return { failure: cardError(attempt.decline, { charge, method }) };
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/charges/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "charge", "/v1/charges/search", params),
  }),
  listRoute({
    kind: "charge",
    path: "/v1/charges",
    by: {
      created: createdWithin(),
      customer: is("customer"),
      payment_intent: is("payment_intent"),
      transfer_group: is("transfer_group"),
    },
  }),
  retrieveRoute("/v1/charges/:id", chargeAt),
  endpoint({
    method: "POST",
    path: "/v1/charges/:id",
    params: hash({
      customer: text().optional(),
      description: text().optional(),
      fraud_details: hash({ user_report: oneOf("fraudulent", "safe").optional() }).optional(),
      metadata: metadata().optional(),
      receipt_email: text().optional(),
      shipping: clearable(shippingParams()).optional(),
      transfer_group: text().optional(),
    }),
    run(act, params, { id }) {
      const charge = chargeAt(act, id);
      const sent = params.shipping;
      return act.change(
        charge,
        {
          customer: params.customer ?? charge.customer,
          description: cleared(params.description, charge.description),
          fraud_details: { ...charge.fraud_details, ...params.fraud_details },
          metadata: mergeMetadata(charge.metadata, params.metadata),
          receipt_email: cleared(params.receipt_email, charge.receipt_email),
          shipping: sent === undefined ? charge.shipping : shippingOf(sent),
          transfer_group: cleared(params.transfer_group, charge.transfer_group),
        },
        "charge.updated",
      );
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/charges/:id/capture",
    params: hash({
      amount: integer({ min: 1 }).optional(),
      receipt_email: text().optional(),
      statement_descriptor: text(22).optional(),
      statement_descriptor_suffix: text(22).optional(),
      transfer_group: text().optional(),
    }),
    run(act, params, { id }) {
      const charge = chargeAt(act, id);
      if (charge.captured || charge.status !== "succeeded" || charge.refunded) {
        throw refused(`Charge ${charge.id} has already been captured.`, { code: "charge_already_captured" });
      }
      if (charge.payment_intent) {
        throw refused("This charge belongs to a PaymentIntent: capture that instead.");
      }
      if (params.amount !== undefined && params.amount > charge.amount) {
        throw invalid("You cannot capture a charge for an amount greater than it already has.", "amount");
      }
      const said = act.change(charge, {
        receipt_email: params.receipt_email ?? charge.receipt_email,
        statement_descriptor: params.statement_descriptor ?? charge.statement_descriptor,
        statement_descriptor_suffix: params.statement_descriptor_suffix ?? charge.statement_descriptor_suffix,
        transfer_group: params.transfer_group ?? charge.transfer_group,
      });
      return captureCharge(act, said, params.amount ?? charge.amount);
    },
  }),
];
