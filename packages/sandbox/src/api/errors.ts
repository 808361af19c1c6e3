import type Stripe from "stripe";
import type { Json, Wire } from "../wire.ts";

/** Only these four travel on the wire; the SDK makes its other classes out of the status. */
type ErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

interface Details {
  type?: ErrorType;
  code?: string;
  param?: string;
  advice_code?: string;
  decline_code?: string;
  network_decline_code?: string;
  charge?: string;
  payment_intent?: Wire<Stripe.PaymentIntent>;
  payment_method?: Wire<Stripe.PaymentMethod>;
  setup_intent?: Wire<Stripe.SetupIntent>;
}

/**
 * A refusal. `kept` says whether an idempotency key remembers it: a request that never got as far as being carried out
 * (bad parameters, unknown ids) may be sent again under the same key; one that was carried out and refused may not.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly details: Details;
  readonly kept: boolean;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    details: Details = {},
    kept = false,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.details = details;
    this.kept = kept;
    this.headers = headers;
  }

  body(account: string, requestId: string): Json {
    const { code } = this.details;
    return {
      error: {
        type: "invalid_request_error",
        ...(code ? { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` } : {}),
        ...this.details,
        message: this.message,
        request_log_url: `https://dashboard.stripe.com/${account}/test/workbench/logs?object=${requestId}`,
      },
    };
  }
}

/** A parameter that can't be accepted. */
export function invalid(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, message, { ...(code && { code }), ...(param && { param }) });
}

/** The request was understood, and the state of things forbids it. */
export function refused(message: string, details: Details = {}): ApiError {
  return new ApiError(400, message, details, true);
}

export function missing(param: string): ApiError {
  return invalid(`Missing required param: ${param}.`, param, "parameter_missing");
}

/** An id in a parameter names nothing: 400. In the path it is 404. */
export function noSuch(what: string, id: string, param: string, status: 400 | 404 = 400): ApiError {
  return new ApiError(status, `No such ${what}: '${id}'`, { code: "resource_missing", param });
}
