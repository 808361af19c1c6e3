import { failure } from "oncepaid/failure";
import { endpoint, file } from "oncepaid/routes";
import { z } from "zod";
import { localeOf } from "#/locale.ts";
import { calendarOf } from "#/mails/calendar.ts";
import { oncepaid } from "#/oncepaid.ts";

export const getCalendar = endpoint({
  summary: "The calendar file of a booking, for who may see its order",
  takes: { params: z.object({ file: z.string() }) },
  answers: file("text/calendar", "The booking as iCalendar."),
  handle: async (c, { params }) => {
    const order = await oncepaid().order(params.file.replace(/\.ics$/, ""), { as: c.var.caller });
    const calendar = order && (await calendarOf(oncepaid(), order.id, localeOf(c.req.raw.headers)));
    if (!calendar) return failure("not_found", "There is no such booking.");
    c.header("content-type", calendar.contentType);
    c.header("content-disposition", `attachment; filename="${calendar.filename}"`);
    c.header("cache-control", "no-store");
    return c.body(calendar.content);
  },
});
