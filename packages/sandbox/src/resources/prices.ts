import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { equals } from "../api/lists.ts";
import { boolean, currency, hash, list, metadata, oneOf, text } from "../api/params.ts";
import { createdWithin, is, isOneOf, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { currencyOptions, keepCurrencies } from "../catalog/currencies.ts";
import { customUnitAmount } from "../catalog/custom-amount.ts";
import { buildPrice, interval, money, recurring } from "../catalog/price.ts";
import { makeProduct, productData } from "../catalog/product.ts";
import { tiers, tiersMode, transformQuantity } from "../catalog/tiers.ts";
import { searchOf, searchParams } from "./search.ts";

const priceAt = (act: Act, id?: string) => stored(act, "price", id, { param: "price" });

/** A lookup key belongs to one price at a time; `transfer_lookup_key` takes it from the price that has it. */
function claimLookupKey(
  act: Act,
  key: string | undefined,
  transfer: boolean | undefined,
  self?: string,
): void {
  if (!key) return;
  const [holder] = act.store.list("price", [{ field: "lookup_key", is: "=", value: key }], { limit: 1 }).data;
  if (!holder || holder.id === self) return;
  if (!transfer) {
    const problem = `A price (\`${holder.id}\`) already uses that lookup key.`;
    throw invalid(problem, "lookup_key", "resource_already_exists");
  }
  act.change(holder, { lookup_key: null }, "price.updated");
}

const ofRecurring = () =>
  hash({ interval: interval().optional(), meter: text().optional(), usage_type: text().optional() })
    .transform(({ interval: often, meter, usage_type: usage }) => [
      ...equals("recurring.interval", often),
      ...equals("recurring.meter", meter),
      ...equals("recurring.usage_type", usage),
    ])
    .optional();

export const prices = [
  endpoint({
    method: "POST",
    path: "/v1/prices",
    creates: true,
    params: hash({
      ...money,
      active: boolean().optional(),
      billing_scheme: oneOf("per_unit", "tiered").optional(),
      currency_options: currencyOptions().optional(),
      custom_unit_amount: customUnitAmount().optional(),
      lookup_key: text(200).optional(),
      metadata: metadata().optional(),
      nickname: text().optional(),
      product: text().optional(),
      product_data: productData().optional(),
      recurring: recurring().optional(),
      tiers: tiers().optional(),
      tiers_mode: tiersMode().optional(),
      transfer_lookup_key: boolean().optional(),
      transform_quantity: transformQuantity().optional(),
    }),
    run(act, params) {
      if (params.product && !act.store.find("product", params.product)) {
        throw noSuch("product", params.product, "product");
      }
      if (!params.product && !params.product_data) throw missing("product");
      if (params.product && params.product_data) {
        throw invalid("You may only specify one of these parameters: product, product_data.", "product");
      }
      claimLookupKey(act, params.lookup_key, params.transfer_lookup_key);
      const product =
        params.product ?? makeProduct(act, { name: "", ...params.product_data }, "product_data").id;
      return act.create(buildPrice(act, product, params), "price.created");
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/prices/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "price", "/v1/prices/search", params),
  }),
  listRoute({
    kind: "price",
    path: "/v1/prices",
    by: {
      active: is("active", boolean()),
      created: createdWithin(),
      currency: is("currency", currency()),
      lookup_keys: isOneOf("lookup_key", list(text(), { max: 10 })),
      product: is("product"),
      recurring: ofRecurring(),
      type: is("type", oneOf("one_time", "recurring")),
    },
  }),
  retrieveRoute("/v1/prices/:id", priceAt),
  endpoint({
    method: "POST",
    path: "/v1/prices/:id",
    params: hash({
      active: boolean().optional(),
      currency_options: currencyOptions().optional(),
      lookup_key: text(200).optional(),
      metadata: metadata().optional(),
      nickname: text().optional(),
      tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
      transfer_lookup_key: boolean().optional(),
    }),
    run(act, params, { id }) {
      const price = priceAt(act, id);
      claimLookupKey(act, params.lookup_key, params.transfer_lookup_key, price.id);
      keepCurrencies(act.store, price, params.currency_options);
      return act.change(
        price,
        {
          active: params.active ?? price.active,
          lookup_key: cleared(params.lookup_key, price.lookup_key),
          metadata: mergeMetadata(price.metadata, params.metadata),
          nickname: cleared(params.nickname, price.nickname),
          tax_behavior: params.tax_behavior ?? price.tax_behavior,
        },
        "price.updated",
      );
    },
  }),
];
