import type { Context } from "hono";
import { config } from "#/config.ts";
import { checkHealth } from "#/recovery/health.ts";

export async function getHealth(c: Context): Promise<Response> {
  const health = await checkHealth();
  c.header("cache-control", "no-store");
  return c.json({ ...health, mode: config().stripe.mode }, health.status === "ok" ? 200 : 503);
}
