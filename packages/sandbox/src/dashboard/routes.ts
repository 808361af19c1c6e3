import { readFileSync } from "node:fs";
import { Hono } from "hono";
import type { World } from "../world.ts";
import { actions } from "./actions.ts";
import { deliveriesPage } from "./deliveries.ts";
import { eventPage, eventsPage } from "./events.ts";
import { faultsPage } from "./faults.ts";
import { frame } from "./frame.ts";
import { objectPage, objectsPage } from "./objects.ts";
import { overviewPage } from "./overview.ts";
import { webhooksPage } from "./webhooks.ts";

const CSS = readFileSync(new URL("dashboard.css", import.meta.url), "utf8");

/** A look at everything, for whoever runs the sandbox, and the switches to go with it: `/`. No scripts. */
export function dashboard(world: World): Hono {
  const app = new Hono();

  app.get("/dashboard/dashboard.css", (context) =>
    context.body(CSS, 200, { "Content-Type": "text/css; charset=utf-8" }),
  );

  app.get("/", (context) => context.html(frame(world, "/", "Overview", overviewPage(world))));

  app.get("/dashboard/events", (context) =>
    context.html(frame(world, "/dashboard/events", "Events", eventsPage(world, context.req.query()))),
  );

  app.get("/dashboard/events/:id", (context) => {
    const id = context.req.param("id");
    const content = eventPage(world, id);
    if (!content) return context.notFound();
    const title = world.store.find("event", id)?.type ?? "Event";
    return context.html(frame(world, "/dashboard/events", title, content));
  });

  app.get("/dashboard/objects", (context) =>
    context.html(frame(world, "/dashboard/objects", "Objects", objectsPage(world, context.req.query()))),
  );

  app.get("/dashboard/objects/:id", (context) => {
    const found = objectPage(world, context.req.param("id"));
    if (!found) return context.notFound();
    return context.html(frame(world, "/dashboard/objects", found.title, found.content));
  });

  app.get("/dashboard/deliveries", (context) =>
    context.html(
      frame(world, "/dashboard/deliveries", "Deliveries", deliveriesPage(world, context.req.query())),
    ),
  );

  app.get("/dashboard/webhooks", (context) =>
    context.html(frame(world, "/dashboard/webhooks", "Webhooks", webhooksPage(world))),
  );

  app.get("/dashboard/faults", (context) =>
    context.html(frame(world, "/dashboard/faults", "Faults", faultsPage(world))),
  );

  app.route("/", actions(world));
  return app;
}
