import { z } from "zod";
import { actorOf } from "#/caller.ts";
import { emailAddress } from "#/http/email.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { erasePerson } from "#/people/erase.ts";
import { exportPerson } from "#/people/export.ts";

/** What is kept of a person. They are named in the body, because addresses of requests stand in logs. */

const person = z.strictObject({
  userId: z.string().min(1).max(300).optional(),
  email: emailAddress.optional(),
});

export const postExport = endpoint({
  summary: "Everything that is kept of a person, by the app's id of them, an address, or both",
  takes: { body: person },
  example: { email: "ada@example.com" },
  answers: json(
    z.object({
      person: z.object({
        orders: z.array(z.looseObject({ id: z.uuid() })),
        grants: z.array(z.looseObject({ id: z.uuid() })),
        seats: z.array(z.looseObject({ id: z.uuid() })),
        downloads: z.array(z.object({ entitlementId: z.uuid(), file: z.string(), at: z.string() })),
        events: z
          .array(z.looseObject({ id: z.string(), type: z.string() }))
          .describe("What Stripe told of the orders, as it came."),
      }),
    }),
  ),
  handle: async (c, { body }) => {
    const exported = await exportPerson(c.var.engine, body);
    return exported.ok ? { person: exported.person } : exported;
  },
});

export const postErase = endpoint({
  summary: "Takes a person out of everything that is kept; orders stay without whose they were",
  takes: { body: person },
  example: { email: "ada@example.com" },
  answers: json(z.object({ orders: z.int(), grants: z.int(), seats: z.int(), events: z.int() })),
  handle: async (c, { body }) => {
    const erased = await erasePerson(c.var.engine, { ...body, by: actorOf(c.var.caller) });
    if (!erased.ok) return erased;
    const { orders, grants, seats, events } = erased;
    return { orders, grants, seats, events };
  },
});
