import { endpoint, healthView, json } from "oncepaid/routes";
import { z } from "zod";
import { config } from "#/config.ts";
import { oncepaid } from "#/oncepaid.ts";

export const getHealth = endpoint({
  summary: "The engine's health, and whether the shop can send mail; 503 when the database isn't there",
  answers: json(z.intersection(healthView, z.object({ mail: z.enum(["on", "off"]) }))),
  handle: async (c) => {
    const health = await oncepaid().health();
    c.header("cache-control", "no-store");
    const { stripe, mail } = config();
    const status = health.status === "ok" ? 200 : 503;
    return c.json({ ...health, mode: stripe.mode, mail: mail ? "on" : "off" }, status);
  },
});
