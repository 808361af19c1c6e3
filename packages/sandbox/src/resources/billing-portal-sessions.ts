import type { z } from "zod";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { hash, integer, list, notBuilt, oneOf, text, url } from "../api/params.ts";
import { rulesOf } from "../billing/rules.ts";
import { longId } from "../ids.ts";
import { defaultConfiguration } from "../portal/configuration.ts";
import { openSession } from "../portal/session.ts";
import type { Kinds } from "../wire.ts";

type Flow = NonNullable<Kinds["billing_portal.session"]["flow"]>;

const ofSubscription = () => hash({ subscription: text() });

const flowData = () =>
  hash({
    after_completion: hash({
      hosted_confirmation: hash({ custom_message: text(500).optional() }).optional(),
      redirect: hash({ return_url: url() }).optional(),
      type: oneOf("hosted_confirmation", "portal_homepage", "redirect"),
    }).optional(),
    subscription_cancel: ofSubscription().extend({ retention: notBuilt() }).optional(),
    subscription_pause: ofSubscription().optional(),
    subscription_update: ofSubscription().optional(),
    subscription_update_confirm: ofSubscription()
      .extend({
        discounts: notBuilt(),
        items: list(
          hash({ id: text(), price: text().optional(), quantity: integer({ min: 0 }).optional() }),
          { max: 1 },
        ),
      })
      .optional(),
    type: oneOf(
      "customer_update",
      "payment_method_update",
      "subscription_cancel",
      "subscription_pause",
      "subscription_update",
      "subscription_update_confirm",
    ),
  });

export const portalSessions = [
  endpoint({
    method: "POST",
    path: "/v1/billing_portal/sessions",
    creates: true,
    params: hash({
      after_expiration: notBuilt(),
      configuration: text().optional(),
      customer: text().optional(),
      customer_account: notBuilt(),
      flow_data: flowData().optional(),
      locale: text().optional(),
      on_behalf_of: notBuilt(),
      return_url: url().optional(),
    }),
    run(act, params) {
      if (!params.customer) throw missing("customer");
      if (!act.store.find("customer", params.customer)) throw noSuch("customer", params.customer, "customer");
      const configuration = configurationFor(act, params.configuration);
      return openSession(act, {
        id: longId("bps"),
        object: "billing_portal.session",
        configuration: configuration.id,
        created: act.now,
        customer: params.customer,
        customer_account: null,
        flow: params.flow_data ? flowOf(act, params.customer, params.flow_data) : null,
        livemode: false,
        locale: params.locale ?? null,
        on_behalf_of: null,
        return_url: params.return_url ?? configuration.default_return_url,
      });
    },
  }),
];

function configurationFor(act: Act, id: string | undefined) {
  if (id) {
    const known = act.store.find("billing_portal.configuration", id);
    if (!known) throw noSuch("configuration", id, "configuration");
    if (!known.active) throw invalid("The configuration is not active.", "configuration");
    return known;
  }
  if (!rulesOf(act.store).portal_default) {
    throw invalid(
      "No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.",
    );
  }
  return defaultConfiguration(act);
}

function flowOf(act: Act, customer: string, given: z.output<ReturnType<typeof flowData>>): Flow {
  const { type, after_completion: after } = given;
  const about = {
    subscription_cancel: given.subscription_cancel,
    subscription_pause: given.subscription_pause,
    subscription_update: given.subscription_update,
    subscription_update_confirm: given.subscription_update_confirm,
  };
  for (const [name, part] of Object.entries(about)) {
    if (name === type && !part) throw missing(`flow_data[${name}]`);
    if (part && act.store.find("subscription", part.subscription)?.customer !== customer) {
      throw noSuch("subscription", part.subscription, `flow_data[${name}][subscription]`);
    }
  }
  const { subscription_update_confirm: confirm } = given;
  return {
    after_completion: {
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ?? null,
      type: after?.type ?? "portal_homepage",
    },
    customer_update: type === "customer_update" ? {} : null,
    subscription_cancel: given.subscription_cancel
      ? { retention: null, subscription: given.subscription_cancel.subscription }
      : null,
    subscription_pause: given.subscription_pause ?? null,
    subscription_update: given.subscription_update ?? null,
    subscription_update_confirm: confirm
      ? {
          discounts: null,
          items: confirm.items.map(({ id, price, quantity }) => ({
            id,
            price: price ?? null,
            ...(quantity !== undefined && { quantity }),
          })),
          subscription: confirm.subscription,
        }
      : null,
    type,
  };
}
