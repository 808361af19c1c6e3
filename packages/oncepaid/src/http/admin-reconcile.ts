import { answerFailure } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";
import { identifyOperator } from "#/http/operator.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";

/** → `{ comparedUntil, underWay, lastReport }`: how far what is held was compared with what Stripe says. */
export async function getReconcile(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const { comparedUntil, underWay, lastReport } = await readProgress(c.var.engine);
  return c.json({
    comparedUntil: comparedUntil === null ? null : new Date(comparedUntil * 1000).toISOString(),
    underWay: underWay && { startedAt: underWay.startedAt, counts: underWay.counts },
    lastReport,
  });
}
