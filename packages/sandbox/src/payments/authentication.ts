import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";

type Intent = Kinds["payment_intent"];
type Setup = Kinds["setup_intent"];
type Method = Kinds["payment_method"];

type NextAction =
  | { type: "redirect_to_url"; redirect_to_url: { url: string; return_url: string } }
  | { type: "use_stripe_sdk"; use_stripe_sdk: { type: string; stripe_js: string } };

export const AUTHENTICATION_FAILED =
  "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

/** Where the bank's question is asked: a page of the sandbox's. */
export function nextAction(act: Act, intentId: string, returnUrl: string | null): NextAction {
  const url = `${act.origin}/c/challenge/${intentId}`;
  if (returnUrl !== null) {
    return { type: "redirect_to_url", redirect_to_url: { url, return_url: returnUrl } };
  }
  return { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } };
}

/** The payment waits for the buyer to prove who they are. */
export function askForAuthentication(
  act: Act,
  intent: Intent,
  method: Method,
  returnUrl: string | null,
): Intent {
  return act.change(
    intent,
    {
      next_action: nextAction(act, intent.id, returnUrl),
      payment_method: method.id,
      status: "requires_action",
    },
    "payment_intent.requires_action",
  );
}

/** They couldn't, or wouldn't. No charge was made. */
export function failAuthentication(act: Act, intent: Intent, method: Method): Intent {
  return act.change(
    intent,
    {
      last_payment_error: authenticationError(method),
      next_action: null,
      payment_method: null,
      status: "requires_payment_method",
    },
    "payment_intent.payment_failed",
  );
}

export function failSetupAuthentication(act: Act, setup: Setup, method: Method): Setup {
  return act.change(
    setup,
    {
      last_setup_error: {
        ...authenticationError(method),
        code: "setup_intent_authentication_failure",
        doc_url: "https://stripe.com/docs/error-codes/setup-intent-authentication-failure",
      },
      next_action: null,
      payment_method: null,
      status: "requires_payment_method",
    },
    "setup_intent.setup_failed",
  );
}

function authenticationError(method: Method) {
  return {
    code: "payment_intent_authentication_failure",
    doc_url: "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
    message: AUTHENTICATION_FAILED,
    payment_method: method,
    type: "invalid_request_error" as const,
  };
}
