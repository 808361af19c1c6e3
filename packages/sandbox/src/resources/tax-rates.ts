import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { boolean, decimal, hash, metadata, text } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { longId } from "../ids.ts";
import { cleared, mergeMetadata } from "./changes.ts";

const taxRateAt = (act: Act, id?: string) => stored(act, "tax_rate", id, { param: "tax_rate" });

/** 0 to 100, with up to four decimals. */
const percentage = () =>
  decimal()
    .transform(Number)
    .refine((value) => value >= 0 && value <= 100, "This value must be between 0 and 100.");

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
        {
          id: longId("txr"),
          object: "tax_rate",
          active: params.active ?? true,
          country: params.country ?? null,
          created: act.now,
          description: params.description ?? null,
          display_name: params.display_name,
          effective_percentage: null,
          flat_amount: null,
          inclusive: params.inclusive,
          jurisdiction: params.jurisdiction ?? null,
          jurisdiction_level: null,
          livemode: false,
          metadata: mergeMetadata(null, params.metadata),
          percentage: params.percentage,
          rate_type: "percentage",
          state: params.state ?? null,
          tax_type: params.tax_type ?? null,
        },
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
