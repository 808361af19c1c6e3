import { z } from "zod";
import { actorOf } from "#/caller.ts";
import type { Context } from "#/http/context.ts";
import type { Asking } from "#/support/action.ts";

/** Who asks support's routes for something, and under which key: an `Idempotency-Key` makes a repetition harmless. */
export function askingOf(c: Context): Pick<Asking, "by" | "key"> {
  return { by: actorOf(c.var.caller), key: c.req.header("idempotency-key") };
}

/** Free words for the timeline. */
export const note = z
  .string("Send the note as a text.")
  .max(2_000, "A note has at most 2,000 characters.")
  .optional();
