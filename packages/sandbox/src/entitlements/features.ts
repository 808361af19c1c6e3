import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid } from "../api/errors.ts";
import { equals } from "../api/lists.ts";
import { boolean, hash, metadata, text } from "../api/params.ts";
import { is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { randomText } from "../ids.ts";
import type { Kinds } from "../wire.ts";

type Feature = Kinds["entitlements.feature"];

const PATH = "/v1/entitlements/features";

const featureAt = (act: Act, id?: string) => stored(act, "entitlements.feature", id, { as: "feature" });

export const features = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({ lookup_key: text(80), metadata: metadata().optional(), name: text(80) }),
    run(act, params) {
      if (hasActive(act, params.lookup_key)) {
        const problem = `A feature with the lookup key ${params.lookup_key} already exists.`;
        throw invalid(problem, "lookup_key", "resource_already_exists");
      }
      return act.create<Feature>({
        id: `feat_test_61${randomText(30)}`,
        object: "entitlements.feature",
        active: true,
        livemode: false,
        lookup_key: params.lookup_key,
        metadata: mergeMetadata(null, params.metadata),
        name: params.name,
      });
    },
  }),
  listRoute({
    kind: "entitlements.feature",
    path: PATH,
    by: {
      archived: boolean()
        .transform((archived) => equals("active", !archived))
        .optional(),
      lookup_key: is("lookup_key"),
    },
  }),
  retrieveRoute(`${PATH}/:id`, featureAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: hash({
      active: boolean().optional(),
      metadata: metadata().optional(),
      name: text(80).optional(),
    }),
    run(act, params, { id }) {
      const feature = featureAt(act, id);
      if (params.active && !feature.active) {
        throw invalid("This feature has been archived, and can't be made active again.", "active");
      }
      return act.change(feature, {
        active: params.active ?? feature.active,
        metadata: mergeMetadata(feature.metadata, params.metadata),
        name: params.name ?? feature.name,
      });
    },
  }),
];

/** A lookup key is free again once its feature is archived. */
function hasActive(act: Act, lookupKey: string): boolean {
  const filters = [...equals("lookup_key", lookupKey), ...equals("active", true)];
  return act.store.list("entitlements.feature", filters, { limit: 1 }).data.length > 0;
}
