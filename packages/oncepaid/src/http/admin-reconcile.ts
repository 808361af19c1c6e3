import { z } from "zod";
import { endpoint, json } from "#/http/endpoint.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";
import { counts, report } from "#/recovery/reconcile/report.ts";

const progressView = z.object({
  comparedUntil: z.iso.datetime().nullable(),
  underWay: z.object({ startedAt: z.iso.datetime(), counts }).nullable(),
  lastReport: report.nullable(),
});

export const getReconcile = endpoint({
  summary: "How far what is held was compared with what Stripe says",
  answers: json(progressView),
  handle: async (c) => {
    const { comparedUntil, underWay, lastReport } = await readProgress(c.var.engine);
    return {
      comparedUntil: comparedUntil === null ? null : new Date(comparedUntil * 1000).toISOString(),
      underWay: underWay && { startedAt: underWay.startedAt, counts: underWay.counts },
      lastReport,
    };
  },
});
