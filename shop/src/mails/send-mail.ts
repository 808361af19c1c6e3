import { Hopeless } from "oncepaid";
import { z } from "zod";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { LANGUAGE, LOCALES } from "#/locale.ts";
import { log } from "#/log.ts";
import { asHtml, asText } from "#/mails/layout.ts";
import type { KindOfLetter } from "#/mails/letter.ts";
import { LETTERS } from "#/mails/letters.ts";
import { deliver } from "#/mails/transport.ts";

const KINDS = new Map<string, KindOfLetter>(Object.entries(LETTERS));

const head = z.object({ mail: z.string(), locale: z.enum(LOCALES).catch(LANGUAGE) });

/** Writes and sends one mail of the queue; `job` is what was stored (mail.ts). Throws when it should be tried again. */
export async function sendMail(oncepaid: ShopOncepaid, key: string, job: unknown): Promise<void> {
  const { mail, locale } = head.parse(job);
  const kind = KINDS.get(mail);
  if (!kind) throw new Error(`There is no mail ${mail}.`);
  const letter = await kind.write(oncepaid, job, locale);
  if (!letter || letter.to.length === 0) {
    log().info({ job: key, mail }, letter ? "nobody to write to" : "nothing to write any more");
    return;
  }
  const { to, subject, attachments, endedBy } = letter;
  const { appUrl } = config();
  try {
    await deliver(key, {
      to,
      subject,
      html: await asHtml(letter, appUrl),
      text: asText(letter, appUrl),
      attachments: attachments ?? [],
      endedBy: endedBy && appUrl + endedBy,
    });
  } catch (error) {
    // Anybody may type any address there, and nobody needs its code any more when a person looks.
    if (!(mail === "sign_in_code" && error instanceof Hopeless)) throw error;
    log().info({ job: key, mail }, "the address was refused");
  }
}
