import { z } from "zod";
import { makeSignInCode } from "#/accounts/codes.ts";
import { kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** The code is made while the mail is written, so it stands nowhere else. */
export const signInCode = kindOfLetter({
  about: z.object({ email: z.string(), browser: z.string().optional() }),
  write: async (_oncepaid, { email, browser }, locale) => {
    // Asked for in a version whose codes belonged to no browser: it could be entered nowhere.
    if (browser === undefined) return undefined;
    const t = mailText(locale);
    return {
      to: [email],
      locale,
      because: "code",
      subject: t("sign_in_code.subject"),
      heading: t("sign_in_code.heading"),
      blocks: [
        { kind: "text", text: t("sign_in_code.intro") },
        { kind: "code", code: await makeSignInCode({ email, browser }) },
        { kind: "note", text: t("sign_in_code.life") },
        { kind: "note", text: t("sign_in_code.notYou") },
      ],
    };
  },
});
