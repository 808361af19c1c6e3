import { messageOf } from "oncepaid/failure";
import { type Finding, fail, ok, warn } from "oncepaid/operations";
import { config } from "#/config.ts";
import { checkMailServer } from "#/mails/transport.ts";

export async function checkMail(): Promise<Finding[]> {
  const { mail, stripe } = config();
  if (!mail) {
    const what = "SMTP_URL is not set, so no receipt and no sign-in code is sent.";
    return [
      warn(
        what,
        stripe.mode === "sandbox"
          ? "`npm start` brings a mail catcher along."
          : "Set SMTP_URL and MAIL_FROM to your mail provider's.",
      ),
    ];
  }
  try {
    await checkMailServer(mail.url);
    return [ok(`${new URL(mail.url).host} takes mail.`)];
  } catch (error) {
    return [
      fail(
        `The mail server doesn't take mail: ${messageOf(error)}.`,
        "Correct SMTP_URL: host, port, user and password, with special characters percent-encoded.",
      ),
    ];
  }
}
