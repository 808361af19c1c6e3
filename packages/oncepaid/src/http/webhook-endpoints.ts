import { z } from "zod";
import { actorOf } from "#/caller.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import {
  listDeliveries,
  resendDelivery,
  showDelivery,
  type WebhookAttempt,
  type WebhookDelivery,
} from "#/notify/deliveries.ts";
import {
  changeEndpoint,
  createEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  type WebhookEndpoint,
} from "#/notify/endpoints.ts";
import { OUTBOUND_TYPES } from "#/rules/outbound-event.ts";

/** Other servers that are told what happens, for operators and for keys that may do everything. */

const type = z.enum(OUTBOUND_TYPES, { error: `A type is one of ${OUTBOUND_TYPES.join(", ")}.` });

const webhookEndpoint: z.ZodType<WebhookEndpoint> = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  events: z.array(type).nullable().describe("Null for every type."),
  fromSettings: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  disabledAt: z.iso.datetime().nullable(),
  disabledBecause: z.enum(["asked", "failing"]).nullable(),
  failingSince: z.iso.datetime().nullable(),
  failures: z.int(),
  formerSecretUntil: z.iso.datetime().nullable(),
});
const one = json(z.object({ endpoint: webhookEndpoint }));
const withSecret = z.object({
  endpoint: webhookEndpoint,
  secret: z.string().describe("`whsec_…`, which the receiver verifies with. Shown this once."),
});

const url = z.string("Send an address.").max(2_000, "An address has at most 2,000 characters.");
const description = z.string().max(200, "A description has at most 200 characters.");
const events = z.array(type).nullable();

export const newEndpoint = z.strictObject({
  url,
  description: description.optional(),
  events: events.optional(),
});
export const endpointChange = z.strictObject({
  url: url.optional(),
  description: description.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
});
export const newSecret = z.strictObject({
  overlapHours: z
    .int("Hours are a whole number.")
    .min(0, "Hours are 0 or more.")
    .max(720, "Two secrets sign for 30 days at most.")
    .optional(),
});

export const getEndpoints = endpoint({
  summary: "Servers that are told what happens, with which of them fail or rest",
  answers: json(z.object({ endpoints: z.array(webhookEndpoint) })),
  handle: async (c) => ({ endpoints: await listEndpoints(c.var.engine) }),
});

export const postEndpoint = endpoint({
  summary: "Adds a server that is told what happens; its secret is shown this once",
  takes: {
    body: newEndpoint,
  },
  example: { url: "https://crm.example.com/oncepaid", events: ["order.fulfilled"] },
  answers: json(withSecret, 201),
  handle: async (c, { body }) => {
    const made = await createEndpoint(c.var.engine, { ...body, by: actorOf(c.var.caller) });
    return made.ok ? { endpoint: made.endpoint, secret: made.secret } : made;
  },
});

export const patchEndpoint = endpoint({
  summary: "Changes such a server, or stops and begins to tell it",
  takes: {
    params: id,
    body: endpointChange,
  },
  example: { enabled: true },
  answers: one,
  handle: async (c, { params, body }) => {
    const changed = await changeEndpoint(c.var.engine, params.id, { ...body, by: actorOf(c.var.caller) });
    return changed.ok ? { endpoint: changed.endpoint } : changed;
  },
});

export const deleteEndpoint = endpoint({
  summary: "Removes such a server, with everything that was kept of what it was told",
  takes: { params: id },
  answers: json(z.object({ removed: z.literal(true) })),
  handle: async (c, { params }) => {
    const removed = await removeEndpoint(c.var.engine, params.id, { by: actorOf(c.var.caller) });
    return removed.ok ? { removed: true as const } : removed;
  },
});

export const postSecret = endpoint({
  summary: "Makes a new secret, shown this once; the one before it signs too for a while",
  takes: {
    params: id,
    body: newSecret.optional(),
  },
  example: { overlapHours: 24 },
  answers: json(withSecret),
  handle: async (c, { params, body }) => {
    const rotated = await rotateSecret(c.var.engine, params.id, { ...body, by: actorOf(c.var.caller) });
    return rotated.ok ? { endpoint: rotated.endpoint, secret: rotated.secret } : rotated;
  },
});

const delivery: z.ZodType<WebhookDelivery> = z.object({
  id: z.uuid(),
  endpointId: z.uuid(),
  webhookId: z.string().describe("`webhook-id`, as the receiver knows it."),
  type: z.string(),
  orderId: z.string().nullable(),
  entitlementId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  outcome: z
    .enum(["delivered", "given_up", "dropped"])
    .nullable()
    .describe("Null while it waits or is tried."),
  settledAt: z.iso.datetime().nullable(),
  attempts: z.int(),
  status: z.int().nullable().describe("What the newest try was answered."),
});

const attempt: z.ZodType<WebhookAttempt> = z.object({
  at: z.iso.datetime(),
  milliseconds: z.int(),
  request: z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
  status: z.int().nullable(),
  answer: z.string().nullable().describe("The first 2,000 bytes."),
  error: z.string().nullable().describe("Why nobody answered."),
});

export const getDeliveries = endpoint({
  summary: "What such a server was told, the newest first, page by page",
  takes: {
    params: id,
    query: z.strictObject({
      after: z
        .string()
        .regex(/^\d{1,18}$/, "after is `next` of the page before.")
        .optional(),
      limit: z.coerce.number("limit is a number.").int().min(1).max(100, "limit is at most 100.").optional(),
    }),
  },
  answers: json(z.object({ deliveries: z.array(delivery), next: z.string().nullable() })),
  handle: (c, { params, query }) => listDeliveries(c.var.engine, params.id, query),
});

export const getDelivery = endpoint({
  summary: "One thing a server was told, with each try: what was sent, what was answered",
  takes: { params: id },
  answers: json(z.object({ delivery, attempts: z.array(attempt) })),
  handle: async (c, { params }) => {
    const shown = await showDelivery(c.var.engine, params.id);
    return shown.ok ? { delivery: shown.delivery, attempts: shown.attempts } : shown;
  },
});

export const postResend = endpoint({
  summary: "Sends it once more, whatever became of it, under the same webhook-id",
  takes: { params: id },
  answers: json(z.object({ wanted: z.literal(true) })),
  handle: async (c, { params }) => {
    const wanted = await resendDelivery(c.var.engine, params.id, { by: actorOf(c.var.caller) });
    return wanted.ok ? { wanted: true as const } : wanted;
  },
});
