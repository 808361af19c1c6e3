import { type FailureCode, STATUS_OF } from "#/failure.ts";
import type { Access } from "#/http/access.ts";
import type { Route } from "#/http/route.ts";

/** What is told of routes, wherever it is shown: in the OpenAPI document, on the page, in llms.txt. */

export const INTRODUCTION = [
  "JSON in and out; amounts are minor units, times ISO 8601 in UTC.",
  "A failure is { error, code, issues? }. 4xx fails again as it stands; 429 and 5xx are safe to send again, after Retry-After " +
    "seconds where the answer has it. A repetition under the same cartId or Idempotency-Key does nothing twice.",
] as const;

export const FAILURE_CODES: readonly FailureCode[] = Object.keys(STATUS_OF).filter(isCode);

function isCode(name: string): name is FailureCode {
  return name in STATUS_OF;
}

/** How a route may fail: as it says itself, and as any one does that takes what it takes from whom it takes it. */
export function codesOf({ method, path, access, takes, fails }: Route): FailureCode[] | undefined {
  if (!fails) return undefined;
  const codes: FailureCode[] = [...fails, "internal"];
  if (path.includes(":") || takes.query || takes.headers || takes.body) codes.push("invalid_request");
  if (method !== "GET") codes.push("payload_too_large");
  if (method !== "GET" && !access.proofs.includes("stripeSignature")) codes.push("forbidden");
  if (access.proofs.includes("apiKey")) codes.push("unauthenticated", "forbidden", "insufficient_scope");
  if (access.proofs.includes("cronSecret")) codes.push("unauthenticated", "not_found");
  return [...new Set(codes)];
}

/** In words too: few programs that show such a document show what stands beside a scheme that isn't OAuth. */
export function scopeOf({ proofs, scope = "operator" }: Access): string {
  if (!proofs.includes("apiKey")) return "";
  return ` An API key needs the scope \`${scope}\`${scope === "operator" ? "" : ", or `operator`"}.`;
}

/** `/orders/:id` as OpenAPI writes it, `/orders/{id}`; what a parameter has to look like stands in its schema. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}");
}
