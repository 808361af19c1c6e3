import type { Context } from "oncepaid/http/context.ts";
import { checkHealth } from "oncepaid/operations/health.ts";
import { config } from "#/config.ts";

/** The engine's health, and whether the shop can send mail. */
export async function getHealth(c: Context): Promise<Response> {
  const health = await checkHealth(c.var.engine);
  c.header("cache-control", "no-store");
  const { stripe, mail } = config();
  return c.json(
    { ...health, mode: stripe.mode, mail: mail ? "on" : "off" },
    health.status === "ok" ? 200 : 503,
  );
}
