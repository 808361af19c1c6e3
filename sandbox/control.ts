import { type Context, Hono } from "hono";
import { z } from "zod";
import { ApiError } from "./api/errors.ts";
import { deliveriesOf, resend, retriesOf, triesOf } from "./events/deliveries.ts";
import { settle } from "./payments/settle.ts";
import type { World } from "./world.ts";

/** Longest time `idle` waits: beyond an endpoint's own 30 seconds there is nothing to wait for. */
const IDLE_LIMIT_MS = 40_000;

const settling = z.strictObject({ outcome: z.enum(["succeed", "fail"]) });
const advancing = z.strictObject({
  seconds: z
    .int()
    .min(0)
    .max(10 * 366 * 86_400),
});
const retries = z.strictObject({ seconds: z.array(z.number().min(0)).max(50) });
const resending = z.strictObject({ webhook_endpoint: z.string().optional() });

/** What Stripe has no API for: the passing of time, a bank's answer, the sending of events. JSON in and out. */
export function controlApp(world: World): Hono {
  const app = new Hono();

  // Another site's page must not be able to turn the knobs of a sandbox that runs on its visitor's machine.
  app.use("/sandbox/*", async (context, next) => {
    const origin = context.req.header("origin");
    if (origin !== undefined && new URL(context.req.url).host !== URL.parse(origin)?.host) {
      return context.json({ error: "The control API can't be called from another site." }, 403);
    }
    return next();
  });

  app.get("/sandbox/clock", (context) => context.json({ now: world.clock.now() }));

  app.post("/sandbox/clock/advance", (context) =>
    carryOut(context, advancing, ({ seconds }) => {
      world.advance(seconds);
      return { now: world.clock.now() };
    }),
  );

  app.post("/sandbox/payment_intents/:id/settle", (context) =>
    carryOut(context, settling, ({ outcome }) =>
      world.act({}, (act) => settle(act, context.req.param("id"), outcome === "succeed")),
    ),
  );

  app.get("/sandbox/webhooks/retries", (context) => context.json({ seconds: retriesOf(world.store) }));

  app.post("/sandbox/webhooks/retries", (context) =>
    carryOut(context, retries, ({ seconds }) => {
      world.store.setSetting("webhook_retries", JSON.stringify(seconds));
      return { seconds };
    }),
  );

  app.post("/sandbox/webhooks/idle", async (context) =>
    context.json({ idle: await world.courier.idle(IDLE_LIMIT_MS) }),
  );

  app.get("/sandbox/events/:id/deliveries", (context) => {
    const deliveries = deliveriesOf(world.store, context.req.param("id"));
    return context.json({
      data: deliveries.map((delivery) => ({ ...delivery, tries: triesOf(world.store, delivery.id) })),
    });
  });

  app.post("/sandbox/events/:id/resend", (context) =>
    carryOut(context, resending, ({ webhook_endpoint: endpointId }) => {
      const event = world.store.find("event", context.req.param("id"));
      if (!event) throw new ApiError(404, `No such event: '${context.req.param("id")}'`);
      world.act({}, (act) => resend(act, event, endpointId));
      world.timers.run();
      return { resent: event.id };
    }),
  );

  return app;
}

async function carryOut<Params>(
  context: Context,
  params: z.ZodType<Params>,
  work: (params: Params) => object,
): Promise<Response> {
  const text = await context.req.text();
  const given = params.safeParse(text === "" ? {} : parsed(text));
  if (!given.success) return Response.json({ error: z.prettifyError(given.error) }, { status: 400 });
  try {
    return Response.json(work(given.data));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return Response.json({ error: error.message }, { status: error.status });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
