import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api/errors.ts";
import { apiRule, deliveryRule } from "../faults/rule-schemas.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

/** What goes wrong on purpose. */
export function faults(world: World): Hono {
  const app = new Hono();

  app.get("/sandbox/faults", (context) => context.json({ data: world.faults.list() }));

  app.post("/sandbox/faults/api", (context) =>
    answer(context, apiRule, (rule) => world.faults.add({ on: "api", rule })),
  );

  app.post("/sandbox/faults/deliveries", (context) =>
    answer(context, deliveryRule, (rule) => world.faults.add({ on: "delivery", rule })),
  );

  app.delete("/sandbox/faults", (context) =>
    answer(context, z.strictObject({}), () => {
      world.faults.clear();
      return { data: [] };
    }),
  );

  app.delete("/sandbox/faults/:id", (context) =>
    answer(context, z.strictObject({}), () => {
      const id = context.req.param("id");
      if (!world.faults.remove(Number(id))) throw new ApiError(404, `No such fault: '${id}'`);
      return { removed: Number(id) };
    }),
  );

  return app;
}
