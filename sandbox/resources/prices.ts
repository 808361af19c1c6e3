import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import {
  boolean,
  currency,
  hash,
  ignored,
  list,
  metadata,
  oneOf,
  paging,
  range,
  text,
} from "../api/params.ts";
import { buildPrice, interval, money } from "../catalog/price.ts";
import { buildProduct, productData } from "../catalog/product.ts";
import type { Kinds } from "../wire.ts";
import { cleared, mergeMetadata } from "./changes.ts";
import { searchOf, searchParams } from "./search.ts";

type Price = Kinds["price"];

function priceAt(act: Act, id = ""): Price {
  const price = act.store.find("price", id);
  if (!price) throw noSuch("price", id, "price", 404);
  return price;
}

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

export const prices = [
  endpoint({
    method: "POST",
    path: "/v1/prices",
    creates: true,
    params: hash({
      ...money,
      active: boolean().optional(),
      billing_scheme: oneOf("per_unit").optional(),
      lookup_key: text(200).optional(),
      metadata: metadata().optional(),
      nickname: text().optional(),
      product: text().optional(),
      product_data: productData().optional(),
      transfer_lookup_key: boolean().optional(),
    }),
    run(act, params) {
      if (params.product && !act.store.find("product", params.product)) {
        throw noSuch("product", params.product, "product");
      }
      if (!params.product && !params.product_data) throw missing("product");
      claimLookupKey(act, params.lookup_key, params.transfer_lookup_key);
      const product =
        params.product ??
        act.create(buildProduct(act, { name: "", ...params.product_data }), "product.created").id;
      return act.create(buildPrice(act, product, params), "price.created");
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/prices/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "price", "/v1/prices/search", params),
  }),
  endpoint({
    method: "GET",
    path: "/v1/prices",
    params: hash({
      ...paging,
      active: boolean().optional(),
      created: range().optional(),
      currency: currency().optional(),
      lookup_keys: list(text(), { max: 10 }).optional(),
      product: text().optional(),
      recurring: hash({
        interval: interval().optional(),
        meter: ignored(),
        usage_type: text().optional(),
      }).optional(),
      type: oneOf("one_time", "recurring").optional(),
    }),
    run: (act, params) =>
      listOf(act, "price", "/v1/prices", params, [
        equals("active", params.active),
        equals("currency", params.currency),
        equals("product", params.product),
        equals("type", params.type),
        equals("recurring.interval", params.recurring?.interval),
        equals("recurring.usage_type", params.recurring?.usage_type),
        params.lookup_keys && { field: "lookup_key", is: "in", value: params.lookup_keys },
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/prices/:id",
    params: hash({}),
    run: (act, _, { id }) => priceAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: "/v1/prices/:id",
    params: hash({
      active: boolean().optional(),
      currency_options: ignored(),
      lookup_key: text(200).optional(),
      metadata: metadata().optional(),
      nickname: text().optional(),
      tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
      transfer_lookup_key: boolean().optional(),
    }),
    run(act, params, { id }) {
      const price = priceAt(act, id);
      claimLookupKey(act, params.lookup_key, params.transfer_lookup_key, price.id);
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
