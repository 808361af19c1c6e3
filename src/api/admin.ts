import type { Context } from "hono";
import { identify } from "#/accounts/caller.ts";
import { checkOrigin } from "#/accounts/origin.ts";
import { answerFailure } from "#/api/answer.ts";
import { type Failure, failure } from "#/errors.ts";
import { timelineOf } from "#/orders/timeline.ts";
import { viewOrder } from "#/orders/view.ts";
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
  return c.json({ events: await listEvents(outcome) });
}

/** → `{ outcome }` of the event now. */
export async function postReplay(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const replayed = await replayEvent(c.req.param("id") ?? "");
  return replayed.ok ? c.json({ outcome: replayed.outcome }) : answerFailure(c, replayed);
}

export async function postDismiss(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const dismissed = await dismissEvent(c.req.param("id") ?? "", operator.name);
  return dismissed.ok ? c.json({ outcome: "ignored" }) : answerFailure(c, dismissed);
}

/** → `{ order, timeline }`. */
export async function getTimeline(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const order = await viewOrder(c.req.param("id") ?? "", { kind: "server" });
  if (!order) return answerFailure(c, failure("not_found", "There is no such order."));
  return c.json({ order, timeline: await timelineOf(order.id) });
}

/** An admin in the browser, or a server with an API key. */
async function identifyOperator(c: Context): Promise<{ ok: true; name: string } | Failure> {
  const headers = c.req.raw.headers;
  const caller = await identify(headers);
  if ("ok" in caller) return caller;
  if (caller.kind === "server") return { ok: true, name: "an API key" };
  if (caller.kind !== "user" || !caller.isAdmin) return failure("forbidden", "Only an admin may do this.");
  const foreign = c.req.method === "GET" ? undefined : checkOrigin(headers);
  return foreign ?? { ok: true, name: caller.userId };
}
