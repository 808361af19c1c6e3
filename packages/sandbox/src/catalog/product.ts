import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid } from "../api/errors.ts";
import { boolean, hash, ignored, list, metadata, text, url } from "../api/params.ts";
import { isTaken } from "../api/stored.ts";
import { shortId } from "../ids.ts";
import type { Kinds, Metadata } from "../wire.ts";

type Product = Kinds["product"];

const inPassing = {
  name: text(),
  metadata: metadata().optional(),
  tax_code: text().optional(),
  tax_details: ignored("no_tax_codes"),
  unit_label: text(12).optional(),
};

/** A product made together with its price or its plan. */
export const productData = () =>
  hash({
    ...inPassing,
    active: boolean().optional(),
    id: text().optional(),
    statement_descriptor: text(22).optional(),
  });

/** A product made with the line that sells it: of a session, a link or an invoice. */
export const soldProductData = () =>
  hash({ ...inPassing, description: text().optional(), images: list(url(), { max: 8 }).optional() });

interface NewProduct {
  id?: string | undefined;
  name: string;
  active?: boolean | undefined;
  description?: string | undefined;
  images?: string[] | undefined;
  marketing_features?: Product["marketing_features"] | undefined;
  metadata?: Metadata | "" | undefined;
  package_dimensions?: Product["package_dimensions"] | "" | undefined;
  shippable?: boolean | undefined;
  statement_descriptor?: string | undefined;
  tax_code?: string | undefined;
  unit_label?: string | undefined;
  url?: string | undefined;
}

/** A product made together with its price or its plan: told of, and refused where its id is another's. */
export function makeProduct(act: Act, given: NewProduct, param: string): Product {
  if (given.id && isTaken(act, given.id)) {
    throw invalid("Product already exists.", `${param}[id]`, "resource_already_exists");
  }
  return act.create(buildProduct(act, given), "product.created");
}

export function buildProduct(act: Act, given: NewProduct): Product {
  return {
    id: given.id ?? shortId("prod"),
    object: "product",
    active: given.active ?? true,
    created: act.now,
    default_price: null,
    description: given.description ?? null,
    images: given.images ?? [],
    livemode: false,
    marketing_features: given.marketing_features ?? [],
    metadata: mergeMetadata(null, given.metadata),
    name: given.name,
    package_dimensions: given.package_dimensions || null,
    shippable: given.shippable ?? null,
    statement_descriptor: given.statement_descriptor ?? null,
    tax_code: given.tax_code ?? null,
    tax_details: null,
    type: "service",
    unit_label: given.unit_label ?? null,
    updated: act.now,
    url: given.url ?? null,
  };
}
