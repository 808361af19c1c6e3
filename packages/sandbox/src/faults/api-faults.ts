import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { ApiError } from "../api/errors.ts";
import type { ApiRule } from "./rules.ts";

const LIMITED =
  "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
const LOCKED =
  "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate. For more details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.";

/** Refusals that come before a request is looked at: no idempotency key remembers them. */
export function refuse(rule: ApiRule | undefined): void {
  if (rule?.fault === "rate_limit") {
    throw new ApiError(429, LIMITED, { code: "rate_limit" }, false, {
      "Stripe-Rate-Limited-Reason": rule.reason ?? "global-rate",
      ...(rule.should_retry !== undefined && { "Stripe-Should-Retry": String(rule.should_retry) }),
    });
  }
  if (rule?.fault === "lock_timeout") {
    throw new ApiError(429, LOCKED, { code: "lock_timeout" }, false, { "Stripe-Should-Retry": "true" });
  }
}

/** What happens to a request on its way in or to its answer on the way out. A cut connection ends here. */
export async function disturb(
  rule: ApiRule | undefined,
  moment: "after" | "before",
  socket: Socket,
): Promise<void> {
  if (rule === undefined || momentOf(rule) !== moment) return;
  if (rule.fault === "latency") await wait(rule.milliseconds);
  if (rule.fault === "reset") socket.resetAndDestroy();
  if (rule.fault === "hang") await closed(socket);
  // A gateway's error: whatever the API did, and its key remembers, stays as it is.
  if (rule.fault === "error" && statusOf(rule) !== 500) throw broken(statusOf(rule), false);
  if (socket.destroyed) throw new ApiError(499, "The connection is gone.");
}

/** Stripe's own 500. It is the answer of a request that was carried out, so its idempotency key remembers it. */
export function breakDown(rule: ApiRule | undefined, moment: "after" | "before"): ApiError | undefined {
  if (rule?.fault !== "error" || statusOf(rule) !== 500 || momentOf(rule) !== moment) return undefined;
  return broken(500, true);
}

const momentOf = (rule: ApiRule) => ("when" in rule && rule.when) || "before";
const statusOf = (rule: Extract<ApiRule, { fault: "error" }>) => rule.status ?? 500;

const broken = (status: number, kept: boolean) =>
  new ApiError(status, "An unknown error occurred.", { type: "api_error" }, kept);

function closed(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
