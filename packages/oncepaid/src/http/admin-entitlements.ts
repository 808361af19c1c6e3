import { reissueDownloads } from "#/downloads/downloads.ts";
import { answerFailure } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";
import { identifyOperator } from "#/http/operator.ts";
import { rule } from "#/purchases/rulings.ts";
import type { RulingFact } from "#/rules/facts.ts";

/** Ends the access an order gave, whatever Stripe says later. → `{ access }` */
export function postEnd(c: Context): Promise<Response> {
  return postRuling(c, "ended");
}

/** Takes that back: the order's payments decide again. → `{ access }` */
export function postRestore(c: Context): Promise<Response> {
  return postRuling(c, "restored");
}

/** Lets the files of an entitlement be downloaded as often again. → `{ reissued: true }` */
export async function postReissue(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const reissued = await reissueDownloads(c.var.engine, c.req.param("id") ?? "", operator.name);
  return reissued.ok ? c.json({ reissued: true }) : answerFailure(c, reissued);
}

async function postRuling(c: Context, access: RulingFact["access"]): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const ruled = await rule(c.var.engine, c.req.param("id") ?? "", access, operator.name);
  return ruled.ok ? c.json({ access }) : answerFailure(c, ruled);
}
