import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch, refused } from "../api/errors.ts";
import { boolean, clearable, decimal, hash, ignored, list, metadata, text, url } from "../api/params.ts";
import { createdWithin, is, isOneOf, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { isTaken, stored } from "../api/stored.ts";
import { buildPrice, inlinePrice } from "../catalog/price.ts";
import { buildProduct } from "../catalog/product.ts";
import { searchOf, searchParams } from "./search.ts";

const size = () => decimal().transform(Number);
const dimensions = () => hash({ height: size(), length: size(), weight: size(), width: size() });
const features = () => list(hash({ name: text(80) }), { max: 15 });

const createParams = hash({
  id: text().optional(),
  name: text(),
  active: boolean().optional(),
  default_price_data: inlinePrice().optional(),
  description: text().optional(),
  images: list(url(), { max: 8 }).optional(),
  marketing_features: features().optional(),
  metadata: metadata().optional(),
  package_dimensions: clearable(dimensions()).optional(),
  shippable: boolean().optional(),
  statement_descriptor: text(22).optional(),
  tax_code: text().optional(),
  tax_details: ignored("no_tax_codes"),
  type: text().optional(),
  unit_label: text(12).optional(),
  url: url().optional(),
});

const updateParams = hash({
  name: text().optional(),
  active: boolean().optional(),
  default_price: text().optional(),
  description: text().optional(),
  images: clearable(list(url(), { max: 8 })).optional(),
  marketing_features: clearable(features()).optional(),
  metadata: metadata().optional(),
  package_dimensions: clearable(dimensions()).optional(),
  shippable: boolean().optional(),
  statement_descriptor: text(22).optional(),
  tax_code: text().optional(),
  tax_details: ignored("no_tax_codes"),
  unit_label: text(12).optional(),
  url: text().optional(),
});

const productAt = (act: Act, id?: string) => stored(act, "product", id);

export const products = [
  endpoint({
    method: "POST",
    path: "/v1/products",
    creates: true,
    params: createParams,
    run(act, params) {
      if (params.id && isTaken(act, params.id)) {
        throw invalid("Product already exists.", "id", "resource_already_exists");
      }
      const product = act.create(buildProduct(act, params), "product.created");
      if (!params.default_price_data) return product;
      const price = buildPrice(act, product.id, params.default_price_data);
      act.create(price, "price.created");
      return act.change(product, { default_price: price.id }, "product.updated");
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/products/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "product", "/v1/products/search", params),
  }),
  listRoute({
    kind: "product",
    path: "/v1/products",
    by: {
      active: is("active", boolean()),
      created: createdWithin(),
      ids: isOneOf("id", list(text())),
      shippable: is("shippable", boolean()),
      type: is("type"),
      url: is("url"),
    },
  }),
  retrieveRoute("/v1/products/:id", productAt),
  endpoint({
    method: "POST",
    path: "/v1/products/:id",
    params: updateParams,
    run(act, params, { id }) {
      const product = productAt(act, id);
      if (params.default_price && act.store.find("price", params.default_price)?.product !== product.id) {
        throw noSuch("price", params.default_price, "default_price");
      }
      return act.change(
        product,
        {
          name: params.name ?? product.name,
          active: params.active ?? product.active,
          default_price: params.default_price ?? product.default_price ?? null,
          description: cleared(params.description, product.description),
          images: params.images === "" ? [] : (params.images ?? product.images),
          marketing_features:
            params.marketing_features === "" ? [] : (params.marketing_features ?? product.marketing_features),
          metadata: mergeMetadata(product.metadata, params.metadata),
          ...(params.package_dimensions !== undefined && {
            package_dimensions: params.package_dimensions || null,
          }),
          shippable: params.shippable ?? product.shippable,
          statement_descriptor: cleared(params.statement_descriptor, product.statement_descriptor ?? null),
          tax_code: cleared(params.tax_code, product.tax_code ?? null),
          unit_label: cleared(params.unit_label, product.unit_label ?? null),
          updated: act.now,
          url: cleared(params.url, product.url),
        },
        "product.updated",
      );
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/products/:id",
    params: hash({}),
    run(act, _, { id }) {
      const product = productAt(act, id);
      const { data } = act.store.list("price", [{ field: "product", is: "=", value: product.id }], {
        limit: 1,
      });
      if (data.length > 0) {
        throw refused("This product cannot be deleted because it has one or more user-created prices.");
      }
      act.store.delete(product.id);
      act.emit("product.deleted", product);
      return { id: product.id, object: "product", deleted: true };
    },
  }),
];
