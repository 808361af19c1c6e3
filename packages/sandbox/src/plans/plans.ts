import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import {
  amount,
  boolean,
  clearable,
  currency,
  decimal,
  hash,
  integer,
  metadata,
  oneOf,
  text,
} from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { isTaken, stored } from "../api/stored.ts";
import { planOf } from "../billing/subscription.ts";
import { buildPrice, interval } from "../catalog/price.ts";
import { makeProduct, productData } from "../catalog/product.ts";
import { keepTiers, tiers, tiersMode, tiersOf, transformQuantity } from "../catalog/tiers.ts";
import type { Kinds } from "../wire.ts";

type Price = Kinds["price"];

const PATH = "/v1/plans";

/** A plan is what a recurring price was called before there were prices: the same object, shown as it was then. */
function priceAt(act: Act, id?: string): Price {
  const price = stored(act, "price", id, { as: "plan", param: "plan" });
  if (price.recurring) return price;
  throw noSuch("plan", price.id, "plan", 404);
}

export const plans = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({
      active: boolean().optional(),
      amount: amount().optional(),
      amount_decimal: decimal().optional(),
      billing_scheme: oneOf("per_unit", "tiered").optional(),
      currency: currency(),
      id: text().optional(),
      interval: interval(),
      interval_count: integer({ min: 1, max: 1095 }).optional(),
      metadata: metadata().optional(),
      meter: text().optional(),
      nickname: text().optional(),
      product: text().or(productData()),
      tiers: tiers().optional(),
      tiers_mode: tiersMode().optional(),
      transform_usage: transformQuantity().optional(),
      trial_period_days: integer({ min: 1 }).optional(),
      usage_type: oneOf("licensed", "metered").optional(),
    }),
    run(act, params) {
      const { amount: unit_amount, amount_decimal: unit_amount_decimal, id, product } = params;
      const tiered = params.billing_scheme === "tiered";
      if (!tiered && unit_amount === undefined && unit_amount_decimal === undefined) throw missing("amount");
      if (id && isTaken(act, id)) throw invalid("Plan already exists.", "id", "resource_already_exists");
      if (typeof product === "string" && !act.store.find("product", product)) {
        throw noSuch("product", product, "product");
      }
      const owner = typeof product === "string" ? product : makeProduct(act, product, "product").id;
      const { currency: money, interval: often, interval_count, trial_period_days } = params;
      const price = buildPrice(act, owner, {
        active: params.active,
        billing_scheme: params.billing_scheme,
        currency: money,
        metadata: params.metadata,
        nickname: params.nickname,
        recurring: {
          interval: often,
          interval_count,
          meter: params.meter,
          trial_period_days,
          usage_type: params.usage_type,
        },
        tiers: params.tiers,
        tiers_mode: params.tiers_mode,
        transform_quantity: params.transform_usage,
        unit_amount,
        unit_amount_decimal,
      });
      const steps = tiersOf(act.store, price.id, price.currency);
      if (id && steps) keepTiers(act.store, id, price.currency, steps);
      const made = act.create({ ...price, ...(id && { id }) });
      act.emit("plan.created", planOf(made));
      return planOf(made);
    },
  }),
  listRoute({
    kind: "price",
    path: PATH,
    by: { active: is("active", boolean()), created: createdWithin(), product: is("product") },
    of: () => [{ field: "type", is: "=", value: "recurring" }],
    show: (_, price) => planOf(price),
  }),
  retrieveRoute(`${PATH}/:id`, (act, id) => planOf(priceAt(act, id))),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: hash({
      active: boolean().optional(),
      metadata: metadata().optional(),
      nickname: text().optional(),
      product: text().optional(),
      trial_period_days: clearable(integer({ min: 0 })).optional(),
    }),
    run(act, params, { id }) {
      const price = priceAt(act, id);
      if (params.product && !act.store.find("product", params.product)) {
        throw noSuch("product", params.product, "product");
      }
      const { trial_period_days: days } = params;
      const changed = act.change(price, {
        active: params.active ?? price.active,
        metadata: mergeMetadata(price.metadata, params.metadata),
        nickname: cleared(params.nickname, price.nickname),
        product: params.product ?? price.product,
        ...(price.recurring &&
          days !== undefined && { recurring: { ...price.recurring, trial_period_days: days || null } }),
      });
      act.emit("plan.updated", planOf(changed), planOf(price));
      return planOf(changed);
    },
  }),
  endpoint({
    method: "DELETE",
    path: `${PATH}/:id`,
    params: hash({}),
    run(act, _, { id }) {
      const price = priceAt(act, id);
      act.store.delete(price.id);
      act.emit("plan.deleted", planOf(price));
      return { id: price.id, object: "plan", deleted: true };
    },
  }),
];
