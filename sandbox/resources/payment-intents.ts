import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { hash, ignored, paging, range, text } from "../api/params.ts";

export const paymentIntents = [
  endpoint({
    method: "GET",
    path: "/v1/payment_intents",
    params: hash({ ...paging, created: range().optional(), customer: text().optional() }),
    run: (act, params) =>
      listOf(act, "payment_intent", "/v1/payment_intents", params, [
        equals("customer", params.customer),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/payment_intents/:id",
    params: hash({ client_secret: ignored() }),
    run(act, _, { id = "" }) {
      const intent = act.store.find("payment_intent", id);
      if (!intent) throw noSuch("payment_intent", id, "intent", 404);
      return intent;
    },
  }),
];
