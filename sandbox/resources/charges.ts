import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { hash, paging, range, text } from "../api/params.ts";

export const charges = [
  endpoint({
    method: "GET",
    path: "/v1/charges",
    params: hash({
      ...paging,
      created: range().optional(),
      customer: text().optional(),
      payment_intent: text().optional(),
      transfer_group: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "charge", "/v1/charges", params, [
        equals("customer", params.customer),
        equals("payment_intent", params.payment_intent),
        equals("transfer_group", params.transfer_group),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/charges/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      const charge = act.store.find("charge", id);
      if (!charge) throw noSuch("charge", id, "id", 404);
      return charge;
    },
  }),
];
