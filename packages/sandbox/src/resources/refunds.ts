import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch, refused } from "../api/errors.ts";
import { hash, integer, metadata, notBuilt, off, oneOf, text } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cancelRefund, expireRefund, refundableAmount, refundCharge } from "../refunds/refund.ts";
import type { Kinds } from "../wire.ts";

type Charge = Kinds["charge"];

export const refundAt = (act: Act, id?: string): Kinds["refund"] => stored(act, "refund", id);

function chargeToRefund(
  act: Act,
  params: { charge?: string | undefined; payment_intent?: string | undefined },
): Charge {
  if (params.charge) {
    const charge = act.store.find("charge", params.charge);
    if (!charge) throw noSuch("charge", params.charge, "id", 404);
    if (params.payment_intent && params.payment_intent !== charge.payment_intent) {
      throw invalid("The charge does not belong to this PaymentIntent.", "payment_intent");
    }
    return charge;
  }
  if (!params.payment_intent) {
    throw invalid(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = act.store.find("payment_intent", params.payment_intent);
  if (!intent) throw noSuch("payment_intent", params.payment_intent, "payment_intent");
  const charge = act.store.find("charge", intent.latest_charge ?? "");
  if (charge?.status !== "succeeded") {
    throw refused(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  }
  return charge;
}

export const refunds = [
  endpoint({
    method: "POST",
    path: "/v1/refunds",
    creates: true,
    params: hash({
      amount: integer({ min: 1 }).optional(),
      charge: text().optional(),
      currency: notBuilt(),
      customer: notBuilt(),
      instructions_email: text().optional(),
      metadata: metadata().optional(),
      origin: notBuilt(),
      payment_intent: text().optional(),
      reason: oneOf("duplicate", "fraudulent", "requested_by_customer").optional(),
      refund_application_fee: off().optional(),
      reverse_transfer: off().optional(),
    }),
    run(act, params) {
      const charge = chargeToRefund(act, params);
      return refundCharge(act, charge, {
        amount: refundableAmount(act, charge, params.amount),
        reason: params.reason ?? null,
        metadata: mergeMetadata(null, params.metadata),
        email: params.instructions_email,
      });
    },
  }),
  listRoute({
    kind: "refund",
    path: "/v1/refunds",
    by: {
      charge: is("charge"),
      created: createdWithin(),
      payment_intent: is("payment_intent"),
    },
  }),
  listRoute({
    kind: "refund",
    path: "/v1/charges/:id/refunds",
    of: (_, { id = "" }) => [{ field: "charge", is: "=", value: id }],
  }),
  retrieveRoute("/v1/refunds/:id", refundAt),
  endpoint({
    method: "POST",
    path: "/v1/refunds/:id",
    params: hash({ metadata: metadata().optional() }),
    run(act, params, { id }) {
      const refund = refundAt(act, id);
      return act.change(
        refund,
        { metadata: mergeMetadata(refund.metadata, params.metadata) },
        "refund.updated",
      );
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/refunds/:id/cancel",
    params: hash({}),
    run: (act, _, { id }) => cancelRefund(act, refundAt(act, id)),
  }),
  endpoint({
    method: "POST",
    path: "/v1/test_helpers/refunds/:id/expire",
    params: hash({}),
    run(act, _, { id }) {
      const refund = refundAt(act, id);
      if (refund.status !== "requires_action") {
        throw refused("Only a refund with a status of `requires_action` can be expired.");
      }
      expireRefund(act, refund.id);
      return refundAt(act, id);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/charges/:id/refunds",
    creates: true,
    params: hash({
      amount: integer({ min: 1 }).optional(),
      metadata: metadata().optional(),
      reason: oneOf("duplicate", "fraudulent", "requested_by_customer").optional(),
    }),
    run(act, params, { id }) {
      const charge = chargeToRefund(act, { charge: id });
      const amount = refundableAmount(act, charge, params.amount);
      const metadata = mergeMetadata(null, params.metadata);
      return refundCharge(act, charge, { amount, reason: params.reason ?? null, metadata });
    },
  }),
];
