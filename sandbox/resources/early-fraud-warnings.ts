import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { hash, paging, range, text } from "../api/params.ts";

const PATH = "/v1/radar/early_fraud_warnings";

export const earlyFraudWarnings = [
  endpoint({
    method: "GET",
    path: PATH,
    params: hash({
      ...paging,
      charge: text().optional(),
      created: range().optional(),
      payment_intent: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "radar.early_fraud_warning", PATH, params, [
        equals("charge", params.charge),
        equals("payment_intent", params.payment_intent),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id`,
    params: hash({}),
    run(act, _, { id = "" }) {
      const warning = act.store.find("radar.early_fraud_warning", id);
      if (!warning) throw noSuch("early fraud warning", id, "id", 404);
      return warning;
    },
  }),
];
