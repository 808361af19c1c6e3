import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { hash, paging, text } from "../api/params.ts";
import { retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { activeOf } from "./entitle.ts";

const PATH = "/v1/entitlements/active_entitlements";

export const activeEntitlements = [
  endpoint({
    method: "GET",
    path: PATH,
    params: hash({ ...paging, customer: text() }),
    run(act, params) {
      if (!act.store.find("customer", params.customer)) throw noSuch("customer", params.customer, "customer");
      return pageOf(activeOf(act.store, params.customer), PATH, params);
    },
  }),
  retrieveRoute(`${PATH}/:id`, (act, id) =>
    stored(act, "entitlements.active_entitlement", id, { as: "active entitlement" }),
  ),
];
