import { readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import { setCookie } from "hono/cookie";
import { type Accounts, CHOICE } from "../accounts.ts";
import type { World } from "../world.ts";
import { actions } from "./actions.ts";
import { deliveriesPage } from "./deliveries.ts";
import { eventPage, eventsPage } from "./events.ts";
import { faultsPage } from "./faults.ts";
import { frame } from "./frame.ts";
import { objectPage, objectsPage } from "./objects.ts";
import { overviewPage } from "./overview.ts";
import type { Html } from "./parts.ts";
import { webhooksPage } from "./webhooks.ts";

const CSS = readFileSync(new URL("dashboard.css", import.meta.url), "utf8");

/** A look at everything, for whoever runs the sandbox, and the switches to go with it: `/`. No scripts. */
export function dashboard(world: World, accounts: Accounts): Hono {
  const app = new Hono();
  const page = (context: Context, path: string, title: string, content: Html[]) =>
    context.html(frame(world, accounts.ids, { path, title, content }));

  app.get("/dashboard/dashboard.css", (context) =>
    context.body(CSS, 200, { "Content-Type": "text/css; charset=utf-8" }),
  );

  app.get("/", (context) => page(context, "/", "Overview", overviewPage(world)));

  /** From here on this browser looks at that account. */
  app.get("/dashboard/accounts/:id", (context) => {
    setCookie(context, CHOICE, context.req.param("id"), { httpOnly: true, sameSite: "Lax" });
    return context.redirect("/", 303);
  });

  app.get("/dashboard/events", (context) =>
    page(context, "/dashboard/events", "Events", eventsPage(world, context.req.query())),
  );

  app.get("/dashboard/events/:id", (context) => {
    const id = context.req.param("id");
    const content = eventPage(world, id);
    if (!content) return context.notFound();
    return page(context, "/dashboard/events", world.store.find("event", id)?.type ?? "Event", content);
  });

  app.get("/dashboard/objects", (context) =>
    page(context, "/dashboard/objects", "Objects", objectsPage(world, context.req.query())),
  );

  app.get("/dashboard/objects/:id", (context) => {
    const found = objectPage(world, context.req.param("id"));
    if (!found) return context.notFound();
    return page(context, "/dashboard/objects", found.title, found.content);
  });

  app.get("/dashboard/deliveries", (context) =>
    page(context, "/dashboard/deliveries", "Deliveries", deliveriesPage(world, context.req.query())),
  );

  app.get("/dashboard/webhooks", (context) =>
    page(context, "/dashboard/webhooks", "Webhooks", webhooksPage(world)),
  );

  app.get("/dashboard/faults", (context) => page(context, "/dashboard/faults", "Faults", faultsPage(world)));

  app.route("/", actions(world));
  return app;
}
