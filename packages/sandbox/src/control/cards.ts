import { Hono } from "hono";
import { z } from "zod";
import { takeNumbers, takesNumbers } from "../payment-methods/raw-card.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

const taking = z.strictObject({ raw_numbers: z.boolean() });

/** Whether the API takes card numbers. Only test cards are known, and no number is ever stored. */
export function cards({ store }: World): Hono {
  const app = new Hono();
  app.get("/sandbox/cards", (context) => context.json({ raw_numbers: takesNumbers(store) }));
  app.post("/sandbox/cards", (context) =>
    answer(context, taking, ({ raw_numbers }) => {
      takeNumbers(store, raw_numbers);
      return { raw_numbers };
    }),
  );
  return app;
}
