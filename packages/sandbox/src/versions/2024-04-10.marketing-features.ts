import { type Change, renamed } from "./change.ts";

/** A product's `features` are called `marketing_features`. */
export const marketingFeatures: Change = {
  since: "2024-04-10",
  requests: [{ to: /^POST \/v1\/products\b/, upgrade: renamed("features", "marketing_features") }],
  answers: {
    product: (product) => {
      product.features = product.marketing_features;
    },
  },
};
