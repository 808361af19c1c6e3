import type { z } from "zod";
import type { Locale } from "#/locale.ts";
import type { LETTERS } from "#/mails/letters.ts";

/** The shop's own queues. */
export const QUEUES = ["mail"];

type Kinds = typeof LETTERS;
type MailName = keyof Kinds;

/** What the job of a mail says: its kind, its language and the ids of what it is about. */
export type Mail = {
  [Name in MailName]: { mail: Name; locale: Locale } & z.infer<Kinds[Name]["about"]>;
}[MailName];
