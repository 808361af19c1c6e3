import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch, refused } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { boolean, hash, ignored, integer, metadata, oneOf, paging, range, text } from "../api/params.ts";
import { paymentId, stemOf } from "../ids.ts";
import { formatMoney } from "../money.ts";
import { recordRefundBalance } from "../payments/balance.ts";
import type { Kinds } from "../wire.ts";
import { mergeMetadata } from "./changes.ts";

type Refund = Kinds["refund"];
type Charge = Kinds["charge"];

/** Seconds until the card network hands out the refund's reference number. */
const REFERENCE_DELAY = 1;

function refundAt(act: Act, id = ""): Refund {
  const refund = act.store.find("refund", id);
  if (!refund) throw noSuch("refund", id, "id", 404);
  return refund;
}

function chargeToRefund(
  act: Act,
  params: { charge?: string | undefined; payment_intent?: string | undefined },
): Charge {
  if (params.charge) {
    const charge = act.store.find("charge", params.charge);
    if (!charge) throw noSuch("charge", params.charge, "id", 404);
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

function refundableAmount(charge: Charge, asked: number | undefined): number {
  if (charge.status !== "succeeded") {
    throw refused(`Charge ${charge.id} is not in a state that can be refunded.`, {
      code: "charge_not_refundable",
    });
  }
  if (charge.disputed) {
    const problem = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw refused(problem, { code: "charge_disputed" });
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (asked !== undefined && asked > left) {
    const money = (amount: number) => formatMoney(amount, charge.currency);
    const problem = `Refund amount (${money(asked)}) is greater than unrefunded amount on charge (${money(left)})`;
    throw refused(problem, { param: "amount" });
  }
  return asked ?? left;
}

/** The network's reference of a refund, a moment later. Both events are sent: the newer and the legacy one. */
export function referenceRefund(act: Act, refundId: string): void {
  const refund = act.store.find("refund", refundId);
  const card = refund?.destination_details?.card;
  if (!refund || !card) return;
  const destination_details = {
    type: "card",
    card: { ...card, reference: `7${String(act.now).padStart(14, "0")}`, reference_status: "available" },
  };
  const after = act.change(refund, { destination_details }, "refund.updated");
  act.emit("charge.refund.updated", after, refund);
}

export const refunds = [
  endpoint({
    method: "POST",
    path: "/v1/refunds",
    creates: true,
    params: hash({
      amount: integer({ min: 1 }).optional(),
      charge: text().optional(),
      currency: ignored(),
      customer: ignored(),
      instructions_email: text().optional(),
      metadata: metadata().optional(),
      origin: ignored(),
      payment_intent: text().optional(),
      reason: oneOf("duplicate", "fraudulent", "requested_by_customer").optional(),
      refund_application_fee: boolean().optional(),
      reverse_transfer: boolean().optional(),
    }),
    run(act, params) {
      const charge = chargeToRefund(act, params);
      const amount = refundableAmount(charge, params.amount);
      const byCard = charge.payment_method_details?.type === "card";
      const draft: Refund = {
        id: paymentId("re", stemOf(charge.id)),
        object: "refund",
        amount,
        balance_transaction: null,
        charge: charge.id,
        created: act.now,
        currency: charge.currency,
        customer: charge.customer,
        customer_account: null,
        ...(byCard && {
          destination_details: {
            type: "card",
            card: {
              reference_status: "pending",
              reference_type: "acquirer_reference_number",
              type: "refund",
            },
          },
        }),
        metadata: mergeMetadata(null, params.metadata),
        payment_intent: charge.payment_intent,
        payment_method: charge.payment_method,
        reason: params.reason ?? null,
        receipt_number: null,
        source_transfer_reversal: null,
        status: "succeeded",
        transfer_reversal: null,
      };
      const balance_transaction = recordRefundBalance(act, draft, charge).id;
      const refund = act.create({ ...draft, balance_transaction }, "refund.created");
      const amount_refunded = charge.amount_refunded + amount;
      const after = act.change(charge, { amount_refunded, refunded: amount_refunded === charge.amount });
      act.emit("charge.refunded", after, charge);
      if (byCard) act.schedule(act.now + REFERENCE_DELAY, "refund.reference", refund.id);
      return refund;
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/refunds",
    params: hash({
      ...paging,
      charge: text().optional(),
      created: range().optional(),
      payment_intent: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "refund", "/v1/refunds", params, [
        equals("charge", params.charge),
        equals("payment_intent", params.payment_intent),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/charges/:id/refunds",
    params: hash(paging),
    run: (act, params, { id = "" }) =>
      listOf(act, "refund", `/v1/charges/${id}/refunds`, params, [equals("charge", id)]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/refunds/:id",
    params: hash({}),
    run: (act, _, { id }) => refundAt(act, id),
  }),
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
    run(act, _, { id }) {
      refundAt(act, id);
      throw refused("Canceling this refund is unsupported.");
    },
  }),
];
