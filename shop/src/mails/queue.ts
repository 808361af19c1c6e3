import type { AppJob, AppQueues } from "oncepaid/engine.ts";
import type { Happening } from "oncepaid/rules/happenings.ts";
import { config } from "#/config.ts";
import { LETTERS } from "#/mails/letters.ts";
import { sendMail } from "#/mails/send-mail.ts";

/** Mails are a queue of the shop's own: the engine writes a job with the change that causes it. */
export const mailQueue: Omit<AppQueues, "sweeps"> = {
  // Where the shop can't send mail no job is kept, or all of them would go out once it can.
  after: (happening, order) => (config().mail ? mailsAfter(happening, order.locale) : []),
  work: { mail: sendMail },
};

/** The mails that follow what happened, in the order's language. */
function mailsAfter(happening: Happening, locale: string): AppJob[] {
  return Object.entries(LETTERS).flatMap(([mail, { after }]) => {
    const following = after(happening);
    if (!following) return [];
    const { key, about } = following;
    return [{ queue: "mail", key: `${mail}:${key}`, data: { mail, locale, ...about } }];
  });
}
