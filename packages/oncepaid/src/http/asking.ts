import { z } from "zod";
import { actorOf } from "#/caller.ts";
import type { Context } from "#/http/context.ts";
import type { Asking } from "#/support/action.ts";

/** Who asks support's routes for something, and under which key: an `Idempotency-Key` makes a repetition harmless. */
export function askingOf(c: Context): Pick<Asking, "by" | "key"> {
  return { by: actorOf(c.var.caller), key: c.req.header("idempotency-key") };
}

const ONE_TO_255 = "An Idempotency-Key has 1 to 255 characters.";

/** The same key is the same request: done once, and answered again. Another request under it is refused. */
export const idempotent = z.object({
  "idempotency-key": z.string().min(1, ONE_TO_255).max(255, ONE_TO_255).optional(),
  "oncepaid-by": z
    .string()
    .optional()
    .describe("For servers: the person who stands in the timeline before the key's name, percent-encoded."),
});

/** Free words for the timeline. */
export const note = z
  .string("Send the note as a text.")
  .max(2_000, "A note has at most 2,000 characters.")
  .optional();

export const noteBody = z.strictObject({ note });
