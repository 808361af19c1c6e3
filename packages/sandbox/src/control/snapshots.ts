import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api/errors.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

/** SQLite joins ten databases at most, and one snapshot is one of them. */
const MOST = 8;
const naming = z.strictObject({ name: z.string().min(1).max(100).default("default") });

/** All state, kept under a name and put back, as often as a test needs it. */
export function snapshots(world: World): Hono {
  const app = new Hono();
  const names = new Set<string>();

  app.post("/sandbox/snapshot", (context) =>
    answer(context, naming, ({ name }) => {
      if (!names.has(name) && names.size >= MOST) throw new ApiError(400, `There can be ${MOST} snapshots.`);
      names.add(name);
      world.store.snapshot(name);
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
