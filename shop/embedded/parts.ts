import { mailPart } from "./mail/catcher.ts";
import type { PartSetup } from "./part.ts";
import { postgresPart } from "./postgres-part.ts";
import { sandboxPart } from "./sandbox.ts";
import { storagePart } from "./storage-part.ts";

/** In the order in which they stop last: what others still need at the end comes first. */
export const parts: PartSetup[] = [postgresPart, storagePart, sandboxPart, mailPart];
