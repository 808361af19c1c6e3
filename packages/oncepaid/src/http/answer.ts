import { type Failure, type FailureCode, failure, type Issue, STATUS_OF } from "#/failure.ts";
import type { Context } from "#/http/context.ts";

/** When it may be sent again with a chance. A limit on checkouts counts a minute; one on invitations, which counts a day, is no hurry. */
const RETRY_AFTER_SECONDS: Partial<Record<FailureCode, number>> = {
  too_many_requests: 60,
  internal: 5,
  overloaded: 1,
  stripe_unavailable: 5,
  mail_unavailable: 60,
  file_unavailable: 5,
};

/** An expected failure as every route answers it: `{ error, code, issues? }` with the status of its code. */
export function answerFailure(c: Context, failed: Failure): Response {
  const { status, headers, body } = failureAnswer(failed);
  return c.json(body, status, headers);
}

/** The same as values. */
export function failureAnswer({ code, error, issues }: Failure) {
  const retryAfter = RETRY_AFTER_SECONDS[code];
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return {
    status: STATUS_OF[code],
    headers,
    body: { error, code, ...(issues && { issues }) },
  };
}

/** A body that isn't what the route takes: the first problem as the sentence, all of them as `issues`. */
export function invalidRequest(issues: Issue[]): Failure {
  const [first] = issues;
  const error = first?.path ? `${first.path}: ${first.message}` : first?.message;
  return failure("invalid_request", error ?? "The request is invalid.", issues);
}
