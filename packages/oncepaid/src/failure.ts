/**
 * An expected failure, as a value: `code` for programs, `error` for people. The API maps the code to a status.
 */
export type Failure = { ok: false; code: FailureCode; error: string; issues?: Issue[] };

/** What is wrong with one field of a request; an empty path is the request itself. */
export type Issue = { path: string; message: string };

export type FailureCode = keyof typeof STATUS_OF;

/** The status tells the sender whether trying again can help: 4xx will fail again as it stands, 5xx may not. */
export const STATUS_OF = {
  invalid_request: 400,
  return_url_not_allowed: 400,
  invalid_signature: 400,
  invalid_code: 400,
  unauthenticated: 401,
  forbidden: 403,
  insufficient_scope: 403,
  access_ended: 403,
  access_suspended: 403,
  download_limit: 403,
  link_invalid: 403,
  link_expired: 403,
  not_found: 404,
  no_customer: 404,
  already_paid: 409,
  already_subscribed: 409,
  payment_processing: 409,
  sold_out: 409,
  slot_in_use: 409,
  not_changeable: 409,
  no_seat_left: 409,
  no_subscription: 409,
  not_paid: 409,
  not_refundable: 409,
  refund_too_large: 409,
  refused_by_stripe: 409,
  idempotency_key_reused: 409,
  name_taken: 409,
  endpoint_of_settings: 409,
  endpoint_disabled: 409,
  secret_rotating: 409,
  already_claimed: 409,
  already_invited: 409,
  invitation_expired: 409,
  plan_ended: 409,
  plan_active: 409,
  payload_too_large: 413,
  invalid_range: 416,
  too_many_requests: 429,
  internal: 500,
  stripe_unavailable: 502,
  overloaded: 503,
  mail_unavailable: 503,
  file_unavailable: 503,
} as const;

export function failure(code: FailureCode, error: string, issues?: Issue[]): Failure {
  return { ok: false, code, error, ...(issues && { issues }) };
}

/** What went wrong, for a person. */
export function messageOf(error: unknown): string {
  // A connection refused on several addresses comes as several errors under one without words.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system's or a database's error: "ECONNREFUSED", "23505". */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
