import type { AppJob, Happening } from "oncepaid";
import { config } from "#/config.ts";
import { LETTERS } from "#/mails/letters.ts";

/**
 * The mails that follow what happened, in the order's language. They are a queue of the shop's own: the engine writes a job with the
 * change that causes it. Where the shop can't send mail no job is kept, or all of them would go out once it can.
 */
export function jobsAfter(happening: Happening, { locale }: { locale: string }): AppJob[] {
  if (!config().mail) return [];
  return Object.entries(LETTERS).flatMap(([mail, { after }]) => {
    const following = after(happening);
    if (!following) return [];
    const { key, about } = following;
    return [{ queue: "mail", key: `${mail}:${key}`, data: { mail, locale, ...about } }];
  });
}
