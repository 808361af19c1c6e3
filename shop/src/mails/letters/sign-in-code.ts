import { z } from "zod";
import { makeSignInCode } from "#/accounts/codes.ts";
import { kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** The code is made while the mail is written, so it stands nowhere else. */
export const signInCode = kindOfLetter({
  about: z.object({ email: z.string() }),
  write: async (_oncepaid, { email }, locale) => {
    const t = mailText(locale);
    return {
      to: [email],
      locale,
      subject: t("sign_in_code.subject"),
      heading: t("sign_in_code.heading"),
      blocks: [
        { kind: "text", text: t("sign_in_code.intro") },
        { kind: "code", code: await makeSignInCode(email) },
        { kind: "note", text: t("sign_in_code.life") },
        { kind: "note", text: t("sign_in_code.notYou") },
      ],
    };
  },
});
