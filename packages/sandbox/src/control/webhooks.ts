import { Hono } from "hono";
import { z } from "zod";
import { noSuch } from "../api/errors.ts";
import { LONGEST_OVERLAP, rollSecret } from "../delivery/secrets.ts";
import { autoDisableOf, setAutoDisable } from "../events/auto-disable.ts";
import { compressed, retriesOf, SCHEDULES, setRetries } from "../events/retries.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

/** Longest time `idle` waits: beyond an endpoint's own 30 seconds there is nothing to wait for. */
const IDLE_LIMIT_MS = 40_000;

const retries = z.union([
  z.strictObject({ seconds: z.array(z.number().min(0)).max(50) }),
  z.strictObject({ schedule: z.enum(["live", "sandbox"]), faster: z.number().min(1).optional() }),
]);
const switchingOff = z.strictObject({ days: z.int().min(1).max(30).nullable() });
const sideBySide = z.strictObject({ most: z.int().min(1).max(256) });
const releasing = z.strictObject({ seed: z.int().optional(), events: z.array(z.string()).optional() });
const rolling = z.strictObject({ expires_in: z.int().min(0).max(LONGEST_OVERLAP).optional() });

/** How webhooks are sent. */
export function webhooks(world: World): Hono {
  const app = new Hono();
  const { courier, store, clock } = world;

  app.get("/sandbox/webhooks/retries", (context) => context.json({ seconds: retriesOf(store) }));

  app.post("/sandbox/webhooks/retries", (context) =>
    answer(context, retries, (asked) => {
      setRetries(
        store,
        "seconds" in asked ? asked.seconds : compressed(SCHEDULES[asked.schedule], asked.faster ?? 1),
      );
      return { seconds: retriesOf(store) };
    }),
  );

  app.get("/sandbox/webhooks/in_flight", (context) => context.json({ most: courier.inFlight }));

  app.post("/sandbox/webhooks/in_flight", (context) =>
    answer(context, sideBySide, ({ most }) => {
      courier.inFlight = most;
      return { most };
    }),
  );

  app.get("/sandbox/webhooks/auto_disable", (context) => context.json({ days: autoDisableOf(store) }));

  app.post("/sandbox/webhooks/auto_disable", (context) =>
    answer(context, switchingOff, ({ days }) => {
      setAutoDisable(store, days);
      return { days };
    }),
  );

  app.post("/sandbox/webhooks/hold", (context) =>
    answer(context, z.strictObject({}), () => {
      courier.hold();
      return { held: true };
    }),
  );

  app.post("/sandbox/webhooks/release", (context) =>
    answer(context, releasing, (order) => ({ released: courier.release(order) })),
  );

  app.post("/sandbox/webhooks/idle", async (context) =>
    context.json({ idle: await courier.idle(IDLE_LIMIT_MS) }),
  );

  app.post("/sandbox/webhook_endpoints/:id/roll_secret", (context) =>
    answer(context, rolling, ({ expires_in = 0 }) => {
      const id = context.req.param("id");
      if (!store.find("webhook_endpoint", id)) throw noSuch("webhook endpoint", id, "id", 404);
      return { secret: rollSecret(store, id, expires_in, clock.now()) };
    }),
  );

  return app;
}
