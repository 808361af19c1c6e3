import { z } from "zod";
import { type AuditPage, listActs } from "#/audit/list.ts";
import { endpoint, json } from "#/http/endpoint.ts";

const moment = z.iso
  .datetime({ offset: true, error: "Send a time as 2027-01-31T00:00:00Z." })
  .transform((text) => new Date(text))
  .optional();

const auditPage: z.ZodType<AuditPage> = z.object({
  entries: z.array(
    z.object({
      id: z.uuid(),
      at: z.iso.datetime(),
      by: z.string(),
      what: z.string(),
      about: z.string().nullable(),
      orderId: z.uuid().nullable(),
      details: z.looseObject({}),
      note: z.string().nullable(),
    }),
  ),
  next: z.uuid().nullable().describe("Asks for the page that follows; null where there is none."),
});

export const getAudit = endpoint({
  summary: "Who did what, the newest first",
  takes: {
    query: z.object({
      by: z.string().max(300).optional(),
      what: z.string().max(60).optional().describe('"support.refund", or "slot" for everything about dates.'),
      from: moment,
      until: moment,
      after: z.uuid("Name `next` of the page before.").optional(),
    }),
  },
  answers: json(auditPage),
  handle: (c, { query }) => listActs(c.var.engine, query),
});
