import { z } from "zod";
import { actorOf } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { dismissEvent, type InboxEvent, listEvents, replayEvent } from "#/webhooks/inbox.ts";

const inboxEvent: z.ZodType<InboxEvent> = z.object({
  id: z.string(),
  type: z.string(),
  outcome: z.string(),
  error: z.string().nullable(),
  attempts: z.int(),
  orderId: z.uuid().nullable(),
  created: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
});

const outcome = z.enum(["failed", "quarantined"], {
  error: "Name an outcome: ?outcome=failed or ?outcome=quarantined.",
});

export const getEvents = endpoint({
  summary: "The newest events that failed or wait for a person",
  takes: { query: z.object({ outcome }) },
  answers: json(z.object({ events: z.array(inboxEvent) })),
  handle: async (c, { query }) => ({ events: await listEvents(c.var.engine, query.outcome) }),
});

const outcomeNow = json(z.object({ outcome: z.string() }));

export const postReplay = endpoint({
  summary: "Sends a stored event through the door again, and says what became of it",
  takes: { params: id },
  answers: outcomeNow,
  handle: async (c, { params }) => {
    const replayed = await replayEvent(c.var.engine, params.id, actorOf(c.var.caller));
    return replayed.ok ? { outcome: replayed.outcome } : replayed;
  },
});

export const postDismiss = endpoint({
  summary: "Puts an event away that needs nothing",
  takes: { params: id },
  answers: outcomeNow,
  handle: async (c, { params }) => {
    const dismissed = await dismissEvent(c.var.engine, params.id, actorOf(c.var.caller));
    return dismissed.ok ? { outcome: "ignored" } : dismissed;
  },
});

const which = z.union(
  [
    z.strictObject({ ids: z.array(z.string().min(1).max(255)).min(1).max(1000) }),
    z.strictObject({ outcome: z.enum(["failed", "quarantined"]) }),
  ],
  { error: 'Send { "ids": ["evt_…"] } or { "outcome": "failed" | "quarantined" }.' },
);

const replayedOne = z.object({
  id: z.string(),
  outcome: z.string().optional(),
  error: z.string().optional(),
  code: z.string().optional(),
});

export const postReplayMany = endpoint({
  summary: "The same for many events, oldest first: those named, or all of one outcome",
  takes: { body: which },
  example: { outcome: "failed" },
  answers: json(z.object({ replayed: z.array(replayedOne) })),
  handle: async (c, { body }) => {
    const ids = "ids" in body ? body.ids : await idsOf(c.var.engine, body.outcome);
    const replayed: z.infer<typeof replayedOne>[] = [];
    for (const id of ids) replayed.push({ id, ...(await replay(c.var.engine, id, actorOf(c.var.caller))) });
    return { replayed };
  },
});

async function idsOf(engine: Engine, outcome: "failed" | "quarantined"): Promise<string[]> {
  return (await listEvents(engine, outcome)).map(({ id }) => id).reverse();
}

async function replay(engine: Engine, id: string, by: string) {
  const result = await replayEvent(engine, id, by);
  return result.ok ? { outcome: result.outcome } : { error: result.error, code: result.code };
}
