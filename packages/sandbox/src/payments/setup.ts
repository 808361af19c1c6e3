import type { Act } from "../act.ts";
import { type ApiError, refused } from "../api/errors.ts";
import { longId, randomText } from "../ids.ts";
import { cardError } from "../payment-methods/card-error.ts";
import { savingDecline, traitsOf } from "../payment-methods/method.ts";
import { type Decline, declineDetails } from "../payment-methods/test-cards.ts";
import type { Kinds, Metadata } from "../wire.ts";
import { nextAction } from "./authentication.ts";
import { noteSetUp } from "./challenge.ts";

type Setup = Kinds["setup_intent"];
type Method = Kinds["payment_method"];

export interface SetupData {
  automatic?: Setup["automatic_payment_methods"];
  customer: string | null;
  description?: string | undefined;
  excluded?: string[] | undefined;
  flow?: Setup["flow_directions"];
  metadata?: Metadata;
  method?: string | undefined;
  allowed?: string[] | undefined;
  /** What is offered: a card, unless others were named. */
  types?: string[];
  usage?: string | undefined;
}

/** The saving of a means of payment without charging it, before anything was tried. Nobody is told yet. */
export function createSetup(act: Act, data: SetupData): Setup {
  const id = longId("seti");
  return act.create<Setup>({
    id,
    object: "setup_intent",
    allowed_payment_method_types: data.allowed ?? null,
    application: null,
    automatic_payment_methods: data.automatic ?? null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: act.now,
    customer: data.customer,
    customer_account: null,
    description: data.description ?? null,
    excluded_payment_method_types: data.excluded ?? null,
    flow_directions: data.flow ?? null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: data.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: data.method ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: data.types ?? ["card"],
    single_use_mandate: null,
    status: data.method ? "requires_confirmation" : "requires_payment_method",
    usage: data.usage ?? "off_session",
  });
}

export type SetupResult =
  | { result: "saved"; setup: Setup }
  | { result: "asked"; setup: Setup }
  | { result: "declined"; setup: Setup; decline: Decline };

/** Asks the bank whether a method may be kept, and changes the setup; which events follow is the caller's to tell. */
export function trySetup(
  act: Act,
  setup: Setup,
  method: Method,
  how: { authenticated: boolean; returnUrl: string | null },
): SetupResult {
  const { challenge } = traitsOf(act, method);
  const asks = challenge === "always" || challenge === "until_set_up";
  if (asks && !how.authenticated) {
    const next_action = nextAction(act, setup.id, how.returnUrl);
    const asked = act.change(setup, { next_action, payment_method: method.id, status: "requires_action" });
    return { result: "asked", setup: asked };
  }
  const decline = savingDecline(act, method);
  if (decline) return { result: "declined", setup: refuse(act, setup, method, decline), decline };
  noteSetUp(act, method);
  const changes = { last_setup_error: null, next_action: null, payment_method: method.id };
  return { result: "saved", setup: act.change(setup, { ...changes, status: "succeeded" }) };
}

/** `confirm` of the API: tries it, tells it, and ties the method to the customer. */
export function confirmSetup(
  act: Act,
  setup: Setup,
  method: Method,
  how: { authenticated: boolean; returnUrl: string | null },
): Setup | { failure: ApiError } {
  if (!["requires_payment_method", "requires_confirmation", "requires_action"].includes(setup.status)) {
    const problem =
      setup.status === "succeeded"
        ? "You cannot confirm this SetupIntent because it has already succeeded."
        : `You cannot confirm this SetupIntent because it has a status of ${setup.status}.`;
    throw refused(problem, { code: "setup_intent_unexpected_state", setup_intent: setup });
  }
  const tried = trySetup(act, setup, method, how);
  if (tried.result === "declined") {
    act.emit("setup_intent.setup_failed", tried.setup);
    return { failure: cardError(tried.decline, { setup: tried.setup, method }) };
  }
  if (tried.result === "asked") {
    act.emit("setup_intent.requires_action", tried.setup);
    return tried.setup;
  }
  if (setup.customer && method.customer !== setup.customer) {
    act.change(method, { customer: setup.customer }, "payment_method.attached");
  }
  act.emit("setup_intent.succeeded", tried.setup);
  return tried.setup;
}

function refuse(act: Act, setup: Setup, method: Method, decline: Decline): Setup {
  return act.change(setup, {
    last_setup_error: {
      code: decline.code,
      ...declineDetails(decline),
      doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll("_", "-")}`,
      message: decline.message,
      payment_method: method,
      type: "card_error",
    },
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  });
}
