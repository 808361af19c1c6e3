import { z } from "zod";
import { failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";
import { identifyOperator } from "#/http/operator.ts";
import { viewOrder } from "#/purchases/orders.ts";
import { timelineOf } from "#/purchases/timeline.ts";
import { dismissEvent, listEvents, replayEvent } from "#/webhooks/inbox.ts";

/** `?outcome=failed|quarantined` → `{ events }`, newest first. */
export async function getEvents(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const outcome = c.req.query("outcome");
  if (outcome !== "failed" && outcome !== "quarantined") {
    return answerFailure(
      c,
      failure("invalid_request", "Name an outcome: ?outcome=failed or ?outcome=quarantined."),
    );
  }
  return c.json({ events: await listEvents(c.var.engine, outcome) });
}

/** → `{ outcome }` of the event now. */
export async function postReplay(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const replayed = await replayEvent(c.var.engine, c.req.param("id") ?? "");
  return replayed.ok ? c.json({ outcome: replayed.outcome }) : answerFailure(c, replayed);
}

/** `{ ids }` or `{ outcome }` → `{ replayed }`: what became of each, oldest first. */
export async function postReplayMany(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const wanted = many.safeParse(await c.req.json().catch(() => undefined));
  if (!wanted.success) {
    return answerFailure(
      c,
      failure("invalid_request", 'Send { "ids": ["evt_…"] } or { "outcome": "failed" | "quarantined" }.'),
    );
  }
  const ids =
    "ids" in wanted.data
      ? wanted.data.ids
      : (await listEvents(c.var.engine, wanted.data.outcome)).map(({ id }) => id).reverse();
  const replayed = [];
  for (const id of ids) {
    const result = await replayEvent(c.var.engine, id);
    replayed.push({
      id,
      ...(result.ok ? { outcome: result.outcome } : { error: result.error, code: result.code }),
    });
  }
  return c.json({ replayed });
}

const many = z.union([
  z.strictObject({ ids: z.array(z.string().min(1).max(255)).min(1).max(1000) }),
  z.strictObject({ outcome: z.enum(["failed", "quarantined"]) }),
]);

export async function postDismiss(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const dismissed = await dismissEvent(c.var.engine, c.req.param("id") ?? "", operator.name);
  return dismissed.ok ? c.json({ outcome: "ignored" }) : answerFailure(c, dismissed);
}

/** → `{ order, timeline }`. */
export async function getTimeline(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const order = await viewOrder(c.var.engine, c.req.param("id") ?? "", { kind: "server" });
  if (!order) return answerFailure(c, failure("not_found", "There is no such order."));
  return c.json({ order, timeline: await timelineOf(c.var.engine, order.id) });
}
