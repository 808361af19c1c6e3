import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

const advancing = z.strictObject({
  seconds: z
    .int()
    .min(0)
    .max(10 * 366 * 86_400),
});

export function clock(world: World): Hono {
  const app = new Hono();

  app.get("/sandbox/clock", (context) => context.json({ now: world.clock.now() }));

  app.post("/sandbox/clock/advance", (context) =>
    answer(context, advancing, ({ seconds }) => {
      world.advance(seconds);
      return { now: world.clock.now() };
    }),
  );

  return app;
}
