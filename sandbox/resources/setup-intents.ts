import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { hash, ignored } from "../api/params.ts";
import { longId, randomText } from "../ids.ts";
import type { Kinds } from "../wire.ts";

/** The saving of a card without charging it, as a trial does. */
export function buildSetupIntent(act: Act, customer: string, method: string): Kinds["setup_intent"] {
  const id = longId("seti");
  return {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: act.now,
    customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: method,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: "succeeded",
    usage: "off_session",
  };
}

export const setupIntents = [
  endpoint({
    method: "GET",
    path: "/v1/setup_intents/:id",
    params: hash({ client_secret: ignored() }),
    run(act, _, { id = "" }) {
      const intent = act.store.find("setup_intent", id);
      if (!intent) throw noSuch("setupintent", id, "intent", 404);
      return intent;
    },
  }),
];
