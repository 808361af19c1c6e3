import type { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import {
  boolean,
  currency,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  text,
  url,
} from "../api/params.ts";
import { createdWithin, is, leavesNothing, listRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { mandateOf, mandateOptions } from "../payment-methods/card-options.ts";
import { methodConfiguration } from "../payment-methods/configuration.ts";
import { ownMethodFor } from "../payment-methods/method.ts";
import { namesTypes, savedTypes } from "../payment-methods/types.ts";
import { confirmSetup, createSetup } from "../payments/setup.ts";
import type { Kinds } from "../wire.ts";
import { givenMethod } from "./given-method.ts";
import { methodParams } from "./payment-methods.ts";

const setupAt = (act: Act, id?: string) =>
  stored(act, "setup_intent", id, { as: "setupintent", param: "intent" });

const setupMandate = () => mandateOptions().extend({ currency: currency() });

const setupOptions = () =>
  hash({
    card: hash({
      mandate_options: setupMandate().optional(),
      moto: notBuilt(),
      network: ignored("one_network"),
      request_three_d_secure: oneOf("any", "automatic", "challenge").optional(),
      three_d_secure: notBuilt(),
    }).optional(),
    sepa_debit: hash({ mandate_options: ignored("no_mandates") }).optional(),
    upi: hash({ mandate_options: notBuilt(), setup_future_usage: notBuilt() }).optional(),
    us_bank_account: hash({
      financial_connections: ignored("no_bank_login"),
      mandate_options: ignored("no_mandates"),
      networks: ignored("no_bank_login"),
      verification_method: ignored("no_bank_login"),
    }).optional(),
  });

type Setup = Kinds["setup_intent"];

function optionsOf(
  old: Setup["payment_method_options"],
  given: z.output<ReturnType<typeof setupOptions>> | undefined,
): Setup["payment_method_options"] {
  const { mandate_options: mandate, request_three_d_secure: wish } = given?.card ?? {};
  if (!old?.card || (!wish && !mandate)) return old;
  const { currency = "" } = mandate ?? {};
  return {
    ...old,
    card: {
      ...old.card,
      request_three_d_secure: wish ?? old.card.request_three_d_secure,
      ...(mandate && { mandate_options: { ...mandateOf(mandate), currency } }),
    },
  };
}

/** What may be saved, where it is said anew. */
function setupTypes(
  old: Setup,
  given: {
    allowed_payment_method_types?: string[] | undefined;
    excluded_payment_method_types?: string[] | undefined;
  },
  version: string,
): Partial<Setup> {
  const { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded } = given;
  if (!allowed && !excluded) return {};
  const wanted = {
    allowed: allowed ?? old.allowed_payment_method_types ?? undefined,
    excluded: excluded ?? old.excluded_payment_method_types ?? undefined,
    strictly: namesTypes(version),
  };
  return {
    ...(allowed && { allowed_payment_method_types: allowed, automatic_payment_methods: null }),
    ...(excluded && { excluded_payment_method_types: excluded }),
    payment_method_types: savedTypes(wanted),
  };
}

const CANCELABLE = ["requires_payment_method", "requires_confirmation", "requires_action"];

export const setupIntents = [
  endpoint({
    method: "POST",
    path: "/v1/setup_intents",
    creates: true,
    params: hash({
      allowed_payment_method_types: list(text()).optional(),
      attach_to_self: notBuilt(),
      automatic_payment_methods: hash({
        allow_redirects: oneOf("always", "never").optional(),
        enabled: boolean(),
      }).optional(),
      confirm: boolean().optional(),
      customer: text().optional(),
      description: text(1000).optional(),
      excluded_payment_method_types: list(text()).optional(),
      flow_directions: list(oneOf("inbound", "outbound")).optional(),
      mandate_data: ignored("no_mandates"),
      metadata: metadata().optional(),
      payment_method: text().optional(),
      payment_method_configuration: methodConfiguration(),
      payment_method_data: methodParams.optional(),
      payment_method_options: setupOptions().optional(),
      return_url: url().optional(),
      usage: oneOf("off_session", "on_session").optional(),
      use_stripe_sdk: ignored("browser_only"),
    }),
    run(act, params) {
      if (params.customer && !act.store.find("customer", params.customer)) {
        throw noSuch("customer", params.customer, "customer");
      }
      const method = givenMethod(act, params, params.customer);
      if (params.return_url && !params.confirm) {
        throw invalid("`return_url` can only be used when `confirm` is true.", "return_url");
      }
      const { allow_redirects = "always", enabled = true } = params.automatic_payment_methods ?? {};
      const setup = createSetup(act, {
        automatic: params.allowed_payment_method_types ? null : { allow_redirects, enabled },
        customer: params.customer ?? null,
        description: params.description,
        flow: params.flow_directions,
        metadata: mergeMetadata(null, params.metadata),
        method: method ? method.id : undefined,
        allowed: params.allowed_payment_method_types,
        excluded: params.excluded_payment_method_types,
        types: savedTypes({
          allowed: params.allowed_payment_method_types,
          excluded: params.excluded_payment_method_types,
          strictly: namesTypes(act.version),
        }),
        usage: params.usage,
      });
      const payment_method_options = optionsOf(setup.payment_method_options, params.payment_method_options);
      const made = act.change(setup, { payment_method_options }, "setup_intent.created");
      if (!params.confirm) return made;
      if (!method) throw missing("payment_method");
      return confirmSetup(act, made, method, { authenticated: false, returnUrl: params.return_url ?? null });
    },
  }),
  listRoute({
    kind: "setup_intent",
    path: "/v1/setup_intents",
    by: {
      attach_to_self: leavesNothing(),
      created: createdWithin(),
      customer: is("customer"),
      payment_method: is("payment_method"),
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/setup_intents/:id",
    params: hash({ client_secret: ignored("browser_only") }),
    run: (act, _, { id }) => setupAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: "/v1/setup_intents/:id",
    params: hash({
      allowed_payment_method_types: list(text()).optional(),
      customer: text().optional(),
      description: text(1000).optional(),
      excluded_payment_method_types: list(text()).optional(),
      flow_directions: list(oneOf("inbound", "outbound")).optional(),
      metadata: metadata().optional(),
      payment_method: text().optional(),
      payment_method_configuration: methodConfiguration(),
      payment_method_data: methodParams.optional(),
      payment_method_options: setupOptions().optional(),
    }),
    run(act, params, { id }) {
      const setup = setupAt(act, id);
      const customer = cleared(params.customer, setup.customer);
      const method = givenMethod(act, params, customer);
      return act.change(setup, {
        ...setupTypes(setup, params, act.version),
        ...(params.flow_directions && { flow_directions: params.flow_directions }),
        customer,
        description: cleared(params.description, setup.description),
        metadata: mergeMetadata(setup.metadata, params.metadata),
        payment_method_options: optionsOf(setup.payment_method_options, params.payment_method_options),
        ...(method && { payment_method: method.id, status: "requires_confirmation" as const }),
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/setup_intents/:id/confirm",
    params: hash({
      allowed_payment_method_types: list(text()).optional(),
      client_secret: ignored("browser_only"),
      mandate_data: ignored("no_mandates"),
      payment_method: text().optional(),
      payment_method_data: methodParams.optional(),
      payment_method_options: setupOptions().optional(),
      return_url: url().optional(),
      use_stripe_sdk: ignored("browser_only"),
    }),
    run(act, params, { id }) {
      const setup = setupAt(act, id);
      const given = givenMethod(act, params, setup.customer);
      if (!given && !setup.payment_method) {
        throw refused(
          "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again.",
          { code: "setup_intent_unexpected_state", setup_intent: setup },
        );
      }
      const method = given ?? ownMethodFor(act, setup.payment_method ?? "", setup.customer, "payment_method");
      const payment_method_options = optionsOf(setup.payment_method_options, params.payment_method_options);
      const asked = act.change(setup, { ...setupTypes(setup, params, act.version), payment_method_options });
      return confirmSetup(act, asked, method, { authenticated: false, returnUrl: params.return_url ?? null });
    },
  }),
  endpoint({
    // Accounts here are known at once: no small amounts are sent to prove them.
    method: "POST",
    path: "/v1/setup_intents/:id/verify_microdeposits",
    params: hash({ amounts: list(integer()).optional(), descriptor_code: text().optional() }),
    run(act, _, { id }) {
      throw refused("This SetupIntent is not waiting for the verification of micro-deposits.", {
        code: "setup_intent_unexpected_state",
        setup_intent: setupAt(act, id),
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/setup_intents/:id/cancel",
    params: hash({
      cancellation_reason: oneOf("abandoned", "duplicate", "requested_by_customer").optional(),
    }),
    run(act, params, { id }) {
      const setup = setupAt(act, id);
      if (!CANCELABLE.includes(setup.status)) {
        const problem = `You cannot cancel this SetupIntent because it has a status of ${setup.status}. Only a SetupIntent with one of the following statuses may be canceled: ${CANCELABLE.join(", ")}.`;
        throw refused(problem, { code: "setup_intent_unexpected_state", setup_intent: setup });
      }
      const cancellation_reason = params.cancellation_reason ?? null;
      const changes = { cancellation_reason, next_action: null, status: "canceled" as const };
      return act.change(setup, changes, "setup_intent.canceled");
    },
  }),
];
