import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { MailStore } from "./store.ts";

const HOST = "127.0.0.1";
/** Bytes: more than any mail of ours with its attachments. */
const MAX_SIZE_BYTES = 25 * 1024 * 1024;
/** Milliseconds: a mail program that keeps its connection open doesn't hold up the stop. */
const CLOSE_LIMIT_MS = 500;

/** A mail server that takes everything from this machine and delivers nothing. */
export async function startSmtp(port: number, store: MailStore): Promise<{ close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: MAX_SIZE_BYTES,
    closeTimeout: CLOSE_LIMIT_MS,
    onData: (stream, { envelope }, done) => {
      buffer(stream)
        .then((raw) =>
          store.add(
            raw,
            envelope.rcptTo.map(({ address }) => address),
          ),
        )
        .then(() => done(), done);
    },
  });
  // A client that breaks off is its own problem.
  server.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
