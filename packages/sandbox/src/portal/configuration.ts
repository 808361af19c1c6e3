import type { Act } from "../act.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";

export type Configuration = Kinds["billing_portal.configuration"];
export type Features = Configuration["features"];

const REASONS = [
  "too_expensive",
  "missing_features",
  "switched_service",
  "unused",
  "customer_service",
  "too_complex",
  "low_quality",
  "other",
];

const DEFAULTS: Features = {
  customer_update: { allowed_updates: ["email", "name", "phone"], enabled: true },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: true, feedback_options: null, options: REASONS },
    enabled: true,
    mode: "at_period_end",
    proration_behavior: "none",
  },
  subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: ["quantity"],
    enabled: true,
    products: null,
    proration_behavior: "create_prorations",
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: "end_trial",
  },
};

/** What a configuration has where it says nothing: everything off. */
const OFF: Features = {
  ...DEFAULTS,
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    ...DEFAULTS.subscription_cancel,
    cancellation_reason: { enabled: false, feedback_options: null, options: REASONS },
    enabled: false,
  },
  subscription_update: { ...DEFAULTS.subscription_update, default_allowed_updates: [], enabled: false },
};

export const NO_FEATURES: Features = OFF;

export function buildConfiguration(
  act: Act,
  given: Partial<
    Pick<Configuration, "business_profile" | "default_return_url" | "login_page" | "metadata" | "name">
  > & {
    features: Features;
    isDefault?: boolean;
  },
): Configuration {
  const id = longId("bpc");
  return {
    id,
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: given.business_profile ?? {
      headline: null,
      privacy_policy_url: null,
      terms_of_service_url: null,
    },
    created: act.now,
    default_return_url: given.default_return_url ?? null,
    features: given.features,
    is_default: given.isDefault ?? false,
    livemode: false,
    login_page: given.login_page ?? { enabled: false, url: null },
    metadata: given.metadata ?? {},
    name: given.name ?? null,
    updated: act.now,
  };
}

/** The configuration of whoever names none. It is there from its first use. */
export function defaultConfiguration(act: Act): Configuration {
  const standard = { field: "is_default", is: "=", value: 1 } as const;
  const [known] = act.store.list("billing_portal.configuration", [standard], { limit: 1 }).data;
  return known ?? act.create(buildConfiguration(act, { features: DEFAULTS, isDefault: true }));
}
