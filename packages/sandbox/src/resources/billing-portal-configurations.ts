import type { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing } from "../api/errors.ts";
import {
  boolean,
  clearable,
  hash,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  onlyOff,
  text,
} from "../api/params.ts";
import { is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { methodConfiguration } from "../payment-methods/configuration.ts";
import {
  buildConfiguration,
  defaultConfiguration,
  type Features,
  NO_FEATURES,
} from "../portal/configuration.ts";

const PATH = "/v1/billing_portal/configurations";

const proration = () => oneOf("always_invoice", "create_prorations", "none").optional();

const features = () =>
  hash({
    customer_update: hash({
      allowed_updates: clearable(
        list(oneOf("address", "email", "name", "phone", "shipping", "tax_id")),
      ).optional(),
      enabled: boolean().optional(),
    }).optional(),
    invoice_history: hash({ enabled: boolean() }).optional(),
    payment_method_update: hash({
      enabled: boolean(),
      payment_method_configuration: methodConfiguration(),
    }).optional(),
    subscription_cancel: hash({
      cancellation_reason: hash({
        enabled: boolean(),
        feedback_options: notBuilt(),
        options: clearable(list(text())).optional(),
      }).optional(),
      enabled: boolean().optional(),
      mode: oneOf("at_period_end", "immediately").optional(),
      proration_behavior: proration(),
    }).optional(),
    subscription_pause: hash({ duration: notBuilt(), enabled: boolean().optional() }).optional(),
    subscription_update: hash({
      billing_cycle_anchor: oneOf("now", "unchanged").optional(),
      default_allowed_updates: clearable(list(oneOf("price", "promotion_code", "quantity"))).optional(),
      enabled: boolean().optional(),
      products: clearable(
        list(
          hash({
            adjustable_quantity: hash({
              enabled: boolean(),
              maximum: integer({ min: 1 }).optional(),
              minimum: integer({ min: 0 }).optional(),
            }).optional(),
            prices: list(text()),
            product: text(),
          }),
        ),
      ).optional(),
      proration_behavior: proration(),
      schedule_at_period_end: notBuilt(),
      trial_update_behavior: oneOf("continue_trial", "end_trial").optional(),
    }).optional(),
  });

const fields = {
  business_profile: hash({
    headline: text(60).optional(),
    privacy_policy_url: text().optional(),
    terms_of_service_url: text().optional(),
  }).optional(),
  default_return_url: text().optional(),
  login_page: onlyOff(),
  metadata: metadata().optional(),
  name: text().optional(),
};

const configurationAt = (act: Act, id?: string) =>
  stored(act, "billing_portal.configuration", id, { as: "configuration", param: "configuration" });

export const portalConfigurations = [
  endpoint({
    method: "POST",
    path: PATH,
    params: hash({ ...fields, features: features().optional() }),
    run(act, params) {
      if (!params.features) throw missing("features");
      const profile = params.business_profile;
      return act.create(
        buildConfiguration(act, {
          business_profile: {
            headline: profile?.headline ?? null,
            privacy_policy_url: profile?.privacy_policy_url ?? null,
            terms_of_service_url: profile?.terms_of_service_url ?? null,
          },
          default_return_url: params.default_return_url || null,
          features: merged(NO_FEATURES, params.features),
          metadata: mergeMetadata(null, params.metadata),
          name: params.name || null,
        }),
        "billing_portal.configuration.created",
      );
    },
  }),
  listRoute({
    kind: "billing_portal.configuration",
    path: PATH,
    by: {
      active: is("active", boolean()),
      is_default: is("is_default", boolean()),
    },
    of(act) {
      defaultConfiguration(act);
      return [];
    },
  }),
  retrieveRoute(`${PATH}/:id`, configurationAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: hash({ ...fields, active: boolean().optional(), features: features().optional() }),
    run(act, params, { id }) {
      const known = configurationAt(act, id);
      const profile = params.business_profile;
      const old = known.business_profile;
      return act.change(
        known,
        {
          active: params.active ?? known.active,
          business_profile: {
            headline: cleared(profile?.headline, old.headline),
            privacy_policy_url: cleared(profile?.privacy_policy_url, old.privacy_policy_url),
            terms_of_service_url: cleared(profile?.terms_of_service_url, old.terms_of_service_url),
          },
          default_return_url: cleared(params.default_return_url, known.default_return_url),
          features: params.features ? merged(known.features, params.features) : known.features,
          metadata: mergeMetadata(known.metadata, params.metadata),
          name: cleared(params.name, known.name),
          updated: act.now,
        },
        "billing_portal.configuration.updated",
      );
    },
  }),
];

/** Only what was given changes. */
function merged(old: Features, given: z.output<ReturnType<typeof features>>): Features {
  const { subscription_cancel: cancel, subscription_update: update, customer_update: customer } = given;
  const reason = cancel?.cancellation_reason;
  const was = old.subscription_cancel;
  return {
    customer_update: {
      allowed_updates:
        customer?.allowed_updates === ""
          ? []
          : (customer?.allowed_updates ?? old.customer_update.allowed_updates),
      enabled: customer?.enabled ?? old.customer_update.enabled,
    },
    invoice_history: given.invoice_history ?? old.invoice_history,
    payment_method_update: {
      ...old.payment_method_update,
      enabled: given.payment_method_update?.enabled ?? old.payment_method_update.enabled,
    },
    subscription_cancel: {
      cancellation_reason: {
        ...was.cancellation_reason,
        enabled: reason?.enabled ?? was.cancellation_reason.enabled,
        options: reason?.options === "" ? [] : (reason?.options ?? was.cancellation_reason.options),
      },
      enabled: cancel?.enabled ?? was.enabled,
      mode: cancel?.mode ?? was.mode,
      proration_behavior: cancel?.proration_behavior ?? was.proration_behavior,
    },
    subscription_pause: {
      ...old.subscription_pause,
      enabled: given.subscription_pause?.enabled ?? old.subscription_pause.enabled,
    },
    subscription_update: {
      ...old.subscription_update,
      billing_cycle_anchor: update?.billing_cycle_anchor ?? old.subscription_update.billing_cycle_anchor,
      default_allowed_updates:
        update?.default_allowed_updates === ""
          ? []
          : (update?.default_allowed_updates ?? old.subscription_update.default_allowed_updates),
      enabled: update?.enabled ?? old.subscription_update.enabled,
      products:
        update?.products === undefined
          ? (old.subscription_update.products ?? null)
          : update.products === ""
            ? []
            : update.products.map(({ adjustable_quantity: adjustable, prices, product }) => ({
                adjustable_quantity: {
                  enabled: adjustable?.enabled ?? false,
                  maximum: adjustable?.maximum ?? null,
                  minimum: adjustable?.minimum ?? 1,
                },
                prices,
                product,
              })),
      proration_behavior: update?.proration_behavior ?? old.subscription_update.proration_behavior,
      trial_update_behavior: update?.trial_update_behavior ?? old.subscription_update.trial_update_behavior,
    },
  };
}
