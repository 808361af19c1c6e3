import type { Context } from "#/http/context.ts";
import { checkHealth } from "#/operations/health.ts";

export async function getHealth(c: Context): Promise<Response> {
  const health = await checkHealth(c.var.engine);
  c.header("cache-control", "no-store");
  return c.json({ ...health, mode: c.var.engine.settings.stripe.mode }, health.status === "ok" ? 200 : 503);
}
