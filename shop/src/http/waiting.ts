import { endpoint, json } from "oncepaid/routes";
import { z } from "zod";
import { addressee, NO_ADDRESS } from "#/http/addressee.ts";
import { localeOf } from "#/locale.ts";
import { oncepaid } from "#/oncepaid.ts";
import { stopWaiting, waitFor } from "#/waiting/waiting-list.ts";

const slotId = z.uuid("Name the date: one of GET /api/slots.");

export const postWaiting = endpoint({
  summary: "Puts who is signed in on the waiting list of a date that is sold out",
  takes: { body: z.strictObject({ slotId }) },
  answers: json(z.object({ waiting: z.literal(true) })),
  handle: async (c, { body }) => {
    const userId = addressee(c);
    if (userId === undefined) return NO_ADDRESS;
    const waits = await waitFor(oncepaid(), { userId, ...body, locale: localeOf(c.req.raw.headers) });
    return waits.ok ? { waiting: true as const } : waits;
  },
});

export const deleteWaiting = endpoint({
  summary: "Takes who is signed in off the waiting list of a date",
  takes: { params: z.object({ slotId }) },
  answers: json(z.object({ waiting: z.literal(false) })),
  handle: async (c, { params }) => {
    const userId = addressee(c);
    if (userId === undefined) return NO_ADDRESS;
    await stopWaiting({ userId, ...params });
    return { waiting: false as const };
  },
});
