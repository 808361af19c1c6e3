import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { deliveriesOf } from "../events/deliveries.ts";
import type { World } from "../world.ts";
import { overviewPage } from "./page.ts";

/** Rows of each list: enough to see what just happened. */
const RECENT = { limit: 25 };

/** A look at the state, for whoever runs the sandbox: `/`. */
export function overview(world: World): Hono {
  const app = new Hono();
  const assets = {
    "overview.css": "text/css; charset=utf-8",
    "overview.js": "text/javascript; charset=utf-8",
  };
  for (const [name, type] of Object.entries(assets)) {
    const body = readFileSync(new URL(name, import.meta.url), "utf8");
    app.get(`/overview/${name}`, (context) => context.body(body, 200, { "Content-Type": type }));
  }
  app.get("/", (context) => {
    const { store } = world;
    const endpoints = store.list("webhook_endpoint", [], RECENT).data;
    const events = store.list("event", [], RECENT).data;
    const page = overviewPage({
      now: world.clock.now(),
      origin: world.origin,
      sessions: store.list("checkout.session", [], RECENT).data,
      waiting: store.list("payment_intent", [{ field: "status", is: "=", value: "processing" }], RECENT).data,
      events: events.map((event) => ({ event, deliveries: deliveriesOf(store, event.id) })),
      endpoints: endpoints.map((endpoint) => ({ endpoint, secret: store.note(endpoint.id, "secret") ?? "" })),
    });
    return context.html(page);
  });
  return app;
}
