import { type Failure, failure, type Issue, STATUS_OF } from "#/failure.ts";
import type { Context } from "#/http/context.ts";

/** An expected failure as every route answers it: `{ error, code, issues? }` with the status of its code. */
export function answerFailure(c: Context, { code, error, issues }: Failure): Response {
  return c.json({ error, code, ...(issues && { issues }) }, STATUS_OF[code]);
}

/** A body that isn't what the route takes: the first problem as the sentence, all of them as `issues`. */
export function invalidRequest(issues: Issue[]): Failure {
  const [first] = issues;
  const error = first?.path ? `${first.path}: ${first.message}` : first?.message;
  return failure("invalid_request", error ?? "The request is invalid.", issues);
}
