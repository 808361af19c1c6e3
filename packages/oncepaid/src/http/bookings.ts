import type { Context } from "hono";
import { identify } from "oncepaid-shop/accounts/caller.ts";
import { localeOf } from "oncepaid-shop/locale.ts";
import { calendarOf } from "#/bookings/calendar.ts";
import { failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { viewOrder } from "#/purchases/orders.ts";

/** The calendar file of a booking, for who may see its order. */
export async function getCalendar(c: Context): Promise<Response> {
  const caller = await identify(c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  const order = await viewOrder(c.req.param("file")?.replace(/\.ics$/, "") ?? "", caller);
  const file = order && (await calendarOf(order.id, localeOf(c.req.raw.headers)));
  if (!file) return answerFailure(c, failure("not_found", "There is no such booking."));
  c.header("content-type", file.contentType);
  c.header("content-disposition", `attachment; filename="${file.filename}"`);
  c.header("cache-control", "no-store");
  return c.body(file.content);
}
