import { z } from "zod";
import { isOperating } from "#/caller.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { checkHealth, type Health } from "#/operations/health.ts";
import type { StripeMode } from "#/settings.ts";

/** What waits and what runs here is for operators and servers; a load balancer needs the status alone. */
const details = z.object({
  database: z.enum(["ok", "unreachable"]),
  migrations: z.enum(["ok", "pending", "unknown"]),
  oldestUnappliedEventSeconds: z.int().nullable(),
  oldestPaidUnfulfilledOrderSeconds: z.int().nullable(),
  failedEvents: z.int(),
  quarantinedEvents: z.int(),
  oldestUntakenJobSeconds: z.int().nullable(),
  failedJobs: z.int(),
  mode: z.enum(["sandbox", "test", "live"]),
});
const health = z.object({ status: z.enum(["ok", "unhealthy"]), ...details.partial().shape });

/**
 * What the route of the engine's health answers, for an app that answers more in its place.
 *
 * @example
 * answers: json(z.intersection(healthView, z.object({ mail: z.enum(["on", "off"]) })))
 */
export const healthView: z.ZodType<Pick<Health, "status"> & Partial<Health & { mode: StripeMode }>> = health;

export const getHealth = endpoint({
  summary:
    "Whether the database is reachable and migrated; 503 when it isn't. What waits, for operators and servers",
  answers: { ...json(healthView), also: { 503: "The database is unreachable or not migrated." } },
  handle: async (c) => {
    const health = await checkHealth(c.var.engine);
    c.header("cache-control", "no-store");
    const { mode } = c.var.engine.settings.stripe;
    const status = health.status === "ok" ? 200 : 503;
    return c.json(isOperating(c.var.caller) ? { ...health, mode } : { status: health.status }, status);
  },
});
