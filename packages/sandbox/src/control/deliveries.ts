import { Hono } from "hono";
import { z } from "zod";
import { noSuch } from "../api/errors.ts";
import { attemptsOf } from "../delivery/attempts.ts";
import { resend } from "../delivery/resend.ts";
import { deliveriesOf, listDeliveries } from "../events/deliveries.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

const resending = z.strictObject({ webhook_endpoint: z.string().optional() });
const listing = z.strictObject({
  endpoint: z.string().optional(),
  state: z.enum(["pending", "waiting", "succeeded", "failed", "canceled"]).optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** What was sent, to whom, and with which answer. */
export function deliveries(world: World): Hono {
  const app = new Hono();
  const { store } = world;

  app.get("/sandbox/deliveries", (context) => {
    const asked = listing.safeParse(context.req.query());
    if (!asked.success) return context.json({ error: z.prettifyError(asked.error) }, 400);
    const { endpoint: endpointId, state, before, limit } = asked.data;
    return context.json({ data: listDeliveries(store, { endpointId, state, before, limit }) });
  });

  app.get("/sandbox/events/:id/deliveries", (context) => {
    const found = deliveriesOf(store, context.req.param("id"));
    return context.json({
      data: found.map((delivery) => ({ ...delivery, tries: attemptsOf(store, delivery) })),
    });
  });

  app.post("/sandbox/events/:id/resend", (context) =>
    answer(context, resending, ({ webhook_endpoint: endpointId }) => {
      const id = context.req.param("id");
      const event = store.find("event", id);
      if (!event) throw noSuch("event", id, "id", 404);
      world.act({}, (act) => resend(act, event, endpointId));
      world.timers.run();
      return { resent: event.id };
    }),
  );

  return app;
}
