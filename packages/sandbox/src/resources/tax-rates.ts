import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { boolean, hash, metadata, text } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { buildTaxRate, percentage } from "../tax/rates.ts";

const taxRateAt = (act: Act, id?: string) => stored(act, "tax_rate", id, { param: "tax_rate" });

const fields = {
  active: boolean().optional(),
  country: text(2).optional(),
  description: text().optional(),
  jurisdiction: text(50).optional(),
  metadata: metadata().optional(),
  state: text().optional(),
  tax_type: text().optional(),
};

export const taxRates = [
  endpoint({
    method: "POST",
    path: "/v1/tax_rates",
    creates: true,
    params: hash({ ...fields, display_name: text(50), inclusive: boolean(), percentage: percentage() }),
    run: (act, params) =>
      act.create(
        buildTaxRate(act, { ...params, metadata: mergeMetadata(null, params.metadata) }),
        "tax_rate.created",
      ),
  }),
  listRoute({
    kind: "tax_rate",
    path: "/v1/tax_rates",
    by: {
      active: is("active", boolean()),
      created: createdWithin(),
      inclusive: is("inclusive", boolean()),
    },
  }),
  retrieveRoute("/v1/tax_rates/:id", taxRateAt),
  endpoint({
    method: "POST",
    path: "/v1/tax_rates/:id",
    params: hash({ ...fields, display_name: text(50).optional() }),
    run(act, params, { id }) {
      const rate = taxRateAt(act, id);
      return act.change(
        rate,
        {
          active: params.active ?? rate.active,
          country: cleared(params.country, rate.country),
          description: cleared(params.description, rate.description),
          display_name: params.display_name ?? rate.display_name,
          jurisdiction: cleared(params.jurisdiction, rate.jurisdiction),
          metadata: mergeMetadata(rate.metadata, params.metadata),
          state: cleared(params.state, rate.state),
          tax_type: params.tax_type ?? rate.tax_type,
        },
        "tax_rate.updated",
      );
    },
  }),
];
