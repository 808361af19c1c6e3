import { endpoint, healthView, isOperating, json } from "oncepaid/routes";
import { z } from "zod";
import { config } from "#/config.ts";
import { oncepaid } from "#/oncepaid.ts";

export const getHealth = endpoint({
  summary: "How the shop is; 503 when the database isn't there. What waits, for operators and servers",
  answers: json(z.intersection(healthView, z.object({ mail: z.enum(["on", "off"]).optional() }))),
  handle: async (c) => {
    const health = await oncepaid().health();
    c.header("cache-control", "no-store");
    const { stripe, mail } = config();
    const status = health.status === "ok" ? 200 : 503;
    const details = { ...health, mode: stripe.mode, mail: mail ? "on" : "off" };
    return c.json(isOperating(c.var.caller) ? details : { status: health.status }, status);
  },
});
