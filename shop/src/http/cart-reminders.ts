import { failure } from "oncepaid/failure";
import { endpoint, json } from "oncepaid/routes";
import { z } from "zod";
import { addressee, NO_ADDRESS } from "#/http/addressee.ts";
import { localeOf } from "#/locale.ts";
import { isOurs } from "#/reminders/stop-link.ts";
import { remindsOfCarts, stopReminders, wishReminders } from "#/reminders/wishes.ts";

const NONE = failure("not_found", "This shop reminds nobody of carts.");

export const postCartReminders = endpoint({
  summary: "Reminds who is signed in, once by mail, of each cart they leave unpaid from now on",
  answers: json(z.object({ reminds: z.literal(true) })),
  handle: async (c) => {
    const userId = addressee(c);
    if (userId === undefined) return NO_ADDRESS;
    if (!remindsOfCarts()) return NONE;
    await wishReminders({ userId, locale: localeOf(c.req.raw.headers) });
    return { reminds: true as const };
  },
});

export const deleteCartReminders = endpoint({
  summary: "Reminds who is signed in of no cart any more",
  answers: json(z.object({ reminds: z.literal(false) })),
  handle: async (c) => {
    const userId = addressee(c);
    if (userId === undefined) return NO_ADDRESS;
    await stopReminders(userId);
    return { reminds: false as const };
  },
});

/** What a mail program sends by itself in its body says nothing that the address doesn't. Source: RFC 8058, 3.2. */
export const postStopCartReminders = endpoint({
  summary: "Reminds of no cart any more whom the signed link of a mail names; mail programs ask for it",
  takes: { query: z.object({ for: z.string(), sign: z.string() }) },
  answers: json(z.object({ reminds: z.literal(false) })),
  handle: async (_c, { query }) => {
    if (!isOurs(query.for, query.sign)) return failure("not_found", "This shop has signed no such link.");
    await stopReminders(query.for);
    return { reminds: false as const };
  },
});
