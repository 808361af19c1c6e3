import { z } from "zod";

/** The id in a path. Whatever it looks like: an id that can't be is one that isn't there. */
export const id = z.object({ id: z.string() });
