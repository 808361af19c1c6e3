import type { Act } from "../act.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";

const PATH = "/v1/radar/early_fraud_warnings";

const warningAt = (act: Act, id?: string) =>
  stored(act, "radar.early_fraud_warning", id, { as: "early fraud warning" });

export const earlyFraudWarnings = [
  listRoute({
    kind: "radar.early_fraud_warning",
    path: PATH,
    by: {
      charge: is("charge"),
      created: createdWithin(),
      payment_intent: is("payment_intent"),
    },
  }),
  retrieveRoute(`${PATH}/:id`, warningAt),
];
