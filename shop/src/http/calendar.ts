import { failure } from "oncepaid/failure.ts";
import { answerFailure } from "oncepaid/http/answer.ts";
import { identify } from "oncepaid/http/caller.ts";
import type { Context } from "oncepaid/http/context.ts";
import { viewOrder } from "oncepaid/purchases/orders.ts";
import { localeOf } from "#/locale.ts";
import { calendarOf } from "#/mails/calendar.ts";

/** The calendar file of a booking, for who may see its order. */
export async function getCalendar(c: Context): Promise<Response> {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  const order = await viewOrder(c.var.engine, c.req.param("file")?.replace(/\.ics$/, "") ?? "", caller);
  const file = order && (await calendarOf(c.var.engine, order.id, localeOf(c.req.raw.headers)));
  if (!file) return answerFailure(c, failure("not_found", "There is no such booking."));
  c.header("content-type", file.contentType);
  c.header("content-disposition", `attachment; filename="${file.filename}"`);
  c.header("cache-control", "no-store");
  return c.body(file.content);
}
