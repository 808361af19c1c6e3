import { v7 as uuidv7 } from "uuid";
import type { Executor } from "#/database/database.ts";

/** Something a person, a server or a command did. */
export type Act = {
  /** An account, the name of an API key, a command: as `by` of what support does. */
  by: string;
  /** "slot.created": what it was about, and what was done to it. */
  what: string;
  /** The id of what it was about. */
  about?: string | undefined;
  /** What was changed, as it is now. No secrets: whoever may open the desk reads it. */
  details?: object | undefined;
};

/** Writes it down, best in the transaction that does it. */
export async function writeAct({ query }: Executor, { by, what, about, details = {} }: Act): Promise<void> {
  await query("insert into oncepaid.audit_entry (id, by, what, about, details) values ($1, $2, $3, $4, $5)", [
    uuidv7(),
    by,
    what,
    about ?? null,
    JSON.stringify(details),
  ]);
}
