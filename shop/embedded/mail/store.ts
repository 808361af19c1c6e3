import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ParsedMail, simpleParser } from "mailparser";

/** The newest mails are kept; older ones go. */
const KEPT_MAILS = 500;

export type MailAttachment = { filename: string; contentType: string; size: number; content: Buffer };

/** One caught mail. `to` is whom the server was told to deliver to; `id` grows with time. */
export type CaughtMail = {
  id: string;
  receivedAt: Date;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  headers: string[];
  text: string;
  html: string | undefined;
  attachments: MailAttachment[];
};

export type MailStore = {
  /** Kept before this settles, so that a mail the server accepted is there. */
  add(raw: Buffer, to: string[]): Promise<void>;
  /** Newest first; with an address, those to it. */
  list(to?: string): CaughtMail[];
  find(id: string): CaughtMail | undefined;
  source(id: string): Buffer | undefined;
  clear(): void;
};

/** Opens the folder with what was caught before. One process at a time uses it. */
export async function openMailStore(dir: string): Promise<MailStore> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const mails = new Map<string, CaughtMail>();
  const files = readdirSync(dir).filter((file) => file.endsWith(".eml"));
  let last = 0;
  for (const file of files.sort()) {
    const { id, to, receivedAt } = named(file);
    mails.set(id, await caught(id, receivedAt, to, readFileSync(join(dir, file))));
    last = Math.max(last, Number(id));
  }
  const fileOf = ({ id, receivedAt, to }: CaughtMail) => join(dir, nameOf(id, receivedAt, to));
  const drop = (mail: CaughtMail) => {
    rmSync(fileOf(mail), { force: true });
    mails.delete(mail.id);
  };
  return {
    add: async (raw, to) => {
      const id = String(++last).padStart(8, "0");
      const mail = await caught(id, new Date(), to, raw);
      writeFileSync(fileOf(mail), raw, { mode: 0o600 });
      mails.set(id, mail);
      for (const oldest of [...mails.values()].slice(0, Math.max(0, mails.size - KEPT_MAILS))) drop(oldest);
    },
    list: (to) =>
      [...mails.values()].reverse().filter((mail) => to === undefined || mail.to.includes(to.toLowerCase())),
    find: (id) => mails.get(id),
    source: (id) => {
      const mail = mails.get(id);
      return mail && readFileSync(fileOf(mail));
    },
    clear: () => {
      for (const mail of [...mails.values()]) drop(mail);
    },
  };
}

/** Everything a mail doesn't say itself stands in its file's name: order, time and recipients. */
function nameOf(id: string, receivedAt: Date, to: string[]): string {
  return `${id}.${receivedAt.getTime()}.${Buffer.from(to.join(",")).toString("base64url").slice(0, 200)}.eml`;
}

function named(file: string): { id: string; receivedAt: Date; to: string[] } {
  const [id = "", time = "", to = ""] = file.split(".");
  return { id, receivedAt: new Date(Number(time)), to: Buffer.from(to, "base64url").toString().split(",") };
}

async function caught(id: string, receivedAt: Date, to: string[], raw: Buffer): Promise<CaughtMail> {
  const parsed: ParsedMail = await simpleParser(raw);
  return {
    id,
    receivedAt,
    from: parsed.from?.text ?? "",
    to: to.map((address) => address.toLowerCase()),
    subject: parsed.subject ?? "",
    messageId: parsed.messageId ?? "",
    headers: parsed.headerLines.map(({ line }) => line),
    text: parsed.text ?? "",
    html: parsed.html || undefined,
    attachments: parsed.attachments.map(({ filename, contentType, size, content }) => ({
      filename: filename ?? "attachment",
      contentType,
      size,
      content,
    })),
  };
}
