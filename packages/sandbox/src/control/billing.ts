import { Hono } from "hono";
import { billingRules, rulesOf, setRules } from "../billing/rules.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

/** What an account's owner decides about renewals, retries and the portal. */
export function billing(world: World): Hono {
  const app = new Hono();

  app.get("/sandbox/billing", (context) => context.json(rulesOf(world.store)));

  app.post("/sandbox/billing", (context) =>
    answer(context, billingRules.partial(), (changes) => setRules(world.store, changes)),
  );

  return app;
}
