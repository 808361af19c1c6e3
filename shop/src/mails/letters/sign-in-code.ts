import { makeSignInCode } from "#/accounts/codes.ts";
import type { Locale } from "#/locale.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: "Your sign-in code",
    heading: "Your sign-in code",
    intro: "Enter this code on the page where you asked for it:",
    life: "It is good for ten minutes and works once. If you asked for several, only the newest one works.",
    notYou: "You didn't ask for it? Then you can ignore this mail: without the code nobody gets in.",
  },
  hi: {
    subject: "आपका साइन-इन कोड",
    heading: "आपका साइन-इन कोड",
    intro: "यह कोड उस पेज पर डालें जहाँ आपने इसे माँगा था:",
    life: "यह दस मिनट तक और एक ही बार चलेगा। कई बार माँगा हो तो सबसे नया कोड ही चलेगा।",
    notYou: "आपने इसे नहीं माँगा? तो इस मेल को अनदेखा करें: कोड के बिना कोई अंदर नहीं जा सकता।",
  },
};

/** The code is made while the mail is written, so it stands nowhere else. */
export async function signInCode({ email }: { email: string }, locale: Locale): Promise<Letter> {
  const text = TEXT[locale];
  return {
    to: [email],
    locale,
    subject: text.subject,
    heading: text.heading,
    blocks: [
      { kind: "text", text: text.intro },
      { kind: "code", code: await makeSignInCode(email) },
      { kind: "note", text: text.life },
      { kind: "note", text: text.notYou },
    ],
  };
}
