import { Hono } from "hono";
import { z } from "zod";
import { inUseTypeOf, setInUseType } from "../api/idempotency.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

const answering = z.strictObject({ in_use_type: z.enum(["idempotency_error", "invalid_request_error"]) });

/** How a request is refused whose key is in use: reports of Stripe's own answer differ. */
export function idempotency({ store }: World): Hono {
  const app = new Hono();
  app.get("/sandbox/idempotency", (context) => context.json({ in_use_type: inUseTypeOf(store) }));
  app.post("/sandbox/idempotency", (context) =>
    answer(context, answering, ({ in_use_type }) => {
      setInUseType(store, in_use_type);
      return { in_use_type };
    }),
  );
  return app;
}
