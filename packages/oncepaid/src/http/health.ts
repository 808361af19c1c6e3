import type { Context } from "hono";
import { config } from "oncepaid-shop/config.ts";
import { checkHealth } from "#/operations/health.ts";

export async function getHealth(c: Context): Promise<Response> {
  const health = await checkHealth();
  c.header("cache-control", "no-store");
  const { stripe, mail } = config();
  return c.json(
    { ...health, mode: stripe.mode, mail: mail ? "on" : "off" },
    health.status === "ok" ? 200 : 503,
  );
}
