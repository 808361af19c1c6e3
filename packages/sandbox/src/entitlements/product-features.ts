import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { hash, paging, text } from "../api/params.ts";
import { stored } from "../api/stored.ts";
import { longId } from "../ids.ts";
import type { Store } from "../store.ts";
import type { ProductFeature } from "../wire.ts";

const PATH = "/v1/products/:product/features";
const NOTE = "features";

/** A feature that stands with a product. */
interface Attached {
  id: string;
  feature: string;
}

/** What a product gives, in the order in which it was attached. */
export const attachedTo = (store: Store, product: string): Attached[] =>
  JSON.parse(store.note(product, NOTE) ?? "[]");

const keep = (store: Store, product: string, attached: Attached[]) =>
  store.setNote(product, NOTE, JSON.stringify(attached));

export const productFeatures = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({ entitlement_feature: text() }),
    run(act, { entitlement_feature: name }, ids) {
      const { id: product } = stored(act, "product", ids.product);
      const feature = act.store.find("entitlements.feature", name);
      if (!feature) throw noSuch("feature", name, "entitlement_feature");
      if (!feature.active) {
        throw invalid("This feature has been archived, and can't be attached.", "entitlement_feature");
      }
      const others = attachedTo(act.store, product);
      if (others.some((one) => one.feature === feature.id)) {
        throw invalid(
          "This feature is attached to the product already.",
          "entitlement_feature",
          "resource_already_exists",
        );
      }
      const attached = { feature: feature.id, id: longId("prodft") };
      keep(act.store, product, [...others, attached]);
      return shown(act, attached);
    },
  }),
  endpoint({
    method: "GET",
    path: PATH,
    params: hash(paging),
    run(act, params, ids) {
      const { id: product } = stored(act, "product", ids.product);
      const all = attachedTo(act.store, product).map((one) => shown(act, one));
      return pageOf(all.reverse(), PATH.replace(":product", product), params);
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id`,
    params: hash({}),
    run: (act, _, ids) => shown(act, attachedAt(act, ids)),
  }),
  endpoint({
    method: "DELETE",
    path: `${PATH}/:id`,
    params: hash({}),
    run(act, _, ids) {
      const { id } = attachedAt(act, ids);
      const product = ids.product ?? "";
      keep(
        act.store,
        product,
        attachedTo(act.store, product).filter((one) => one.id !== id),
      );
      return { id, object: "product_feature", deleted: true };
    },
  }),
];

function attachedAt(act: Act, { product = "", id = "" }: Record<string, string>): Attached {
  stored(act, "product", product);
  const found = attachedTo(act.store, product).find((one) => one.id === id);
  if (!found) throw noSuch("product_feature", id, "id", 404);
  return found;
}

const shown = (act: Act, { feature, id }: Attached): ProductFeature => ({
  id,
  object: "product_feature",
  entitlement_feature: stored(act, "entitlements.feature", feature),
  livemode: false,
});
