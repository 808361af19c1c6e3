import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { boolean, currency, hash, metadata, oneOf } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { buildRate, currencyOptions, optionsOf, rateData } from "./rate.ts";

const PATH = "/v1/shipping_rates";

const rateOf = (act: Act, id?: string) => stored(act, "shipping_rate", id, { as: "shipping rate" });

export const shippingRates = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash(rateData),
    run: (act, params) => act.create(buildRate(act, params, "usd")),
  }),
  listRoute({
    kind: "shipping_rate",
    path: PATH,
    by: {
      active: is("active", boolean()),
      created: createdWithin(),
      currency: is("fixed_amount.currency", currency()),
    },
  }),
  retrieveRoute(`${PATH}/:id`, rateOf),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: hash({
      active: boolean().optional(),
      fixed_amount: hash({ currency_options: currencyOptions().optional() }).optional(),
      metadata: metadata().optional(),
      tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
    }),
    run(act, params, { id }) {
      const rate = rateOf(act, id);
      const { fixed_amount: cost } = rate;
      const options = params.fixed_amount?.currency_options;
      return act.change(rate, {
        active: params.active ?? rate.active,
        ...(cost &&
          options && {
            fixed_amount: { ...cost, currency_options: optionsOf(options, cost.currency_options) },
          }),
        metadata: mergeMetadata(rate.metadata, params.metadata),
        tax_behavior: params.tax_behavior ?? rate.tax_behavior,
      });
    },
  }),
];
