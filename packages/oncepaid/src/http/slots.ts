import { upcomingSlots } from "#/bookings/slots.ts";
import { failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";

/** `?productKey=` → `{ slots }`: the dates still to come, for everybody. */
export async function getSlots(c: Context): Promise<Response> {
  const productKey = c.req.query("productKey");
  if (!productKey) {
    return answerFailure(c, failure("invalid_request", "Name the product: /api/slots?productKey=…"));
  }
  c.header("cache-control", "no-store");
  return c.json({ slots: await upcomingSlots(c.var.engine, productKey) });
}
