import { createTransport, type NodemailerError } from "nodemailer";
import { Hopeless } from "oncepaid";
import { config } from "#/config.ts";
import type { Attachment } from "#/mails/letter.ts";

/** A mail server gets this long for each step; then the mail is tried again later. */
const STEP_TIMEOUT_MS = 15_000;

export type Message = {
  to: string[];
  subject: string;
  html: string;
  text: string;
  attachments: Attachment[];
  /** The address that ends mails of this kind by a POST alone. */
  endedBy: string | undefined;
};

let transport: ReturnType<typeof connect> | undefined;

/**
 * Hands a mail to the mail server. A repetition of the same key carries the same Message-ID, so whoever receives both can
 * tell. Throws what the server or the network said; Hopeless where no address of the letter exists, says the server.
 */
export async function deliver(key: string, { to, endedBy, ...message }: Message): Promise<void> {
  const { mail, appUrl } = config();
  if (!mail) throw new Error("Mail is off: SMTP_URL is not set.");
  transport ??= connect(mail.url);
  try {
    await transport.sendMail({
      ...message,
      from: mail.from,
      // As objects, so that no address can be read as several.
      to: to.map((address) => ({ name: "", address })),
      messageId: `<${key.replaceAll(/[^\w.-]/g, ".")}@${new URL(appUrl).hostname}>`,
      headers: { "Auto-Submitted": "auto-generated", ...(endedBy !== undefined && endedByOneClick(endedBy)) },
    });
  } catch (error) {
    throw refusesAddress(error) ? new Hopeless(error.message, { cause: error }) : error;
  }
}

/** Sources: RFC 2369, 3.2 and RFC 8058, 3.1: with both headers a mail program asks by POST, without opening a page. */
function endedByOneClick(url: string): Record<string, string> {
  return { "List-Unsubscribe": `<${url}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
}

/** A refused login or sender can be set right meanwhile; an address that is refused for good is the buyer's. */
function refusesAddress(error: unknown): error is NodemailerError {
  return (
    error instanceof Error &&
    "command" in error &&
    error.command === "RCPT TO" &&
    "permanent" in error &&
    error.permanent === true
  );
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
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
  });
}
