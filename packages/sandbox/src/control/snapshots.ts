import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api/errors.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

const naming = z.strictObject({ name: z.string().min(1).max(100).default("default") });

/** All state, kept under a name and put back, as often as a test needs it. */
export function snapshots(world: World): Hono {
  const app = new Hono();

  app.post("/sandbox/snapshot", (context) =>
    answer(context, naming, ({ name }) => {
      world.snapshot(name);
      return { name };
    }),
  );

  app.post("/sandbox/restore", (context) =>
    answer(context, naming, ({ name }) => {
      if (!world.restore(name)) throw new ApiError(404, `There is no snapshot '${name}'.`);
      return { name };
    }),
  );

  return app;
}
