import { isUnkeepableText } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/** What whoever asked is told after something was thrown, which is written to the log where it is a mistake of ours. */
export function failureAfter(
  engine: Engine,
  error: unknown,
  asked: { method: string; path: string },
): Failure {
  if (isUnkeepableText(error)) return failure("invalid_request", "The request has a NUL character in it.");
  engine.log.error({ err: error, ...asked }, "request failed");
  return failure("internal", "Something went wrong on our side; it is safe to try again.");
}
