import type { Context } from "hono";
import { answerFailure } from "#/api/answer.ts";
import { upcomingSlots } from "#/bookings/slots.ts";
import { failure } from "#/errors.ts";

/** `?productKey=` → `{ slots }`: the dates still to come, for everybody. */
export async function getSlots(c: Context): Promise<Response> {
  const productKey = c.req.query("productKey");
  if (!productKey) {
    return answerFailure(c, failure("invalid_request", "Name the product: /api/slots?productKey=…"));
  }
  c.header("cache-control", "no-store");
  return c.json({ slots: await upcomingSlots(productKey) });
}
