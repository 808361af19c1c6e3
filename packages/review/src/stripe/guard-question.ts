import type { Project } from "../syntax/project.ts";
import type { OnceColumns } from "./once-columns.ts";
import type { Webhook } from "./webhooks.ts";

/** What has to be known to say whether a write of a webhook is guarded. */
export type Ask = { project: Project; webhook: Webhook; columns: OnceColumns };
