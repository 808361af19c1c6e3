import { createTransport } from "nodemailer";
import { config } from "#/config.ts";
import type { Attachment } from "#/notify/letter.ts";

/** Milliseconds a mail server gets for each step before the mail is tried again later. */
const TIMEOUT = 15_000;

export type Message = {
  to: string[];
  subject: string;
  html: string;
  text: string;
  attachments: Attachment[];
};

let transport: ReturnType<typeof connect> | undefined;

/**
 * Hands a mail to the mail server. A repetition of the same key carries the same Message-ID, so whoever receives both can
 * tell. Throws what the server or the network said.
 */
export async function deliver(key: string, { to, ...message }: Message): Promise<void> {
  const { mail, appUrl } = config();
  if (!mail) throw new Error("Mail is off: SMTP_URL is not set.");
  transport ??= connect(mail.url);
  await transport.sendMail({
    ...message,
    from: mail.from,
    // As objects, so that no address can be read as several.
    to: to.map((address) => ({ name: "", address })),
    messageId: `<${key.replaceAll(/[^\w.-]/g, ".")}@${new URL(appUrl).hostname}>`,
    headers: { "Auto-Submitted": "auto-generated" },
  });
}

/** Whether a mail server takes mail from us. Throws what it or the network says. */
export async function checkMailServer(url: string): Promise<void> {
  const connection = connect(url);
  try {
    await connection.verify();
  } finally {
    connection.close();
  }
}

function connect(url: string) {
  return createTransport({
    url,
    pool: true,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  });
}
