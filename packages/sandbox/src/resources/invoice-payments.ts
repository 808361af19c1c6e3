import type { Act } from "../act.ts";
import { equals } from "../api/lists.ts";
import { hash, notBuilt, oneOf, text } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";

const paymentAt = (act: Act, id?: string) => stored(act, "invoice_payment", id);

const ofPayment = () =>
  hash({
    payment_intent: text().optional(),
    payment_record: notBuilt(),
    type: oneOf("payment_intent", "payment_record"),
  })
    .transform(({ payment_intent: intent }) => equals("payment.payment_intent", intent))
    .optional();

export const invoicePayments = [
  listRoute({
    kind: "invoice_payment",
    path: "/v1/invoice_payments",
    by: {
      created: createdWithin(),
      invoice: is("invoice"),
      payment: ofPayment(),
      status: is("status", oneOf("canceled", "open", "paid")),
    },
  }),
  retrieveRoute("/v1/invoice_payments/:id", paymentAt),
];
