import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { isLoopback } from "#/config.ts";
import type { PartSetup } from "../part.ts";
import { type NextPort, onFreePort } from "../ports.ts";
import { startSmtp } from "./smtp.ts";
import { type MailStore, openMailStore } from "./store.ts";
import { mailWeb } from "./web.ts";

const HOST = "127.0.0.1";

export type MailCatcher = {
  /** Where the mails are read. */
  url: string;
  smtpUrl: string;
  store: MailStore;
  stop(): Promise<void>;
};

/** Catches mail for one app: an SMTP server and the page to read what came, both on this machine only. */
export async function startMailCatcher(dir: string, nextPort: NextPort): Promise<MailCatcher> {
  const store = await openMailStore(join(dir, "mail"));
  const smtp = await onFreePort(nextPort, async (port) => ({ port, ...(await startSmtp(port, store)) }));
  const web = await onFreePort(nextPort, async (port) => ({ port, server: await startWeb(port, store) }));
  return {
    url: `http://${HOST}:${web.port}`,
    smtpUrl: `smtp://${HOST}:${smtp.port}`,
    store,
    stop: async () => {
      web.server.closeAllConnections();
      await Promise.all([smtp.close(), new Promise((resolve) => web.server.close(resolve))]);
    },
  };
}

/** Only on one's own machine: on a public origin, mail that goes nowhere must not look as if it were sent. */
export const mailPart: PartSetup = {
  isConfigured: ({ SMTP_URL, APP_URL }) =>
    SMTP_URL !== undefined || (APP_URL !== undefined && !isLoopback(APP_URL)),
  preview: { SMTP_URL: `smtp://${HOST}:1025` },
  start: async ({ folder, nextPort }) => {
    const { url, smtpUrl, stop } = await startMailCatcher(folder.dir, nextPort);
    return {
      name: "The mail catcher",
      title: "Mail",
      description: [`caught, never delivered: read it on ${url}`],
      env: { SMTP_URL: smtpUrl },
      // It runs in this process, so it ends with it.
      exited: new Promise(() => undefined),
      stop,
    };
  },
};

function startWeb(port: number, store: MailStore): Promise<Server> {
  const { fetch } = mailWeb(store);
  const server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => resolve(server));
  });
}
