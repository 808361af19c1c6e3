import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "oncepaid/failure";
import { afterEach } from "vitest";
import { signal, until } from "../../shop/embedded/alive.ts";
import { startApp as startAppProcess } from "../../shop/embedded/app.ts";
import { type MailCatcher, startMailCatcher } from "../../shop/embedded/mail/catcher.ts";
import type { CaughtMail } from "../../shop/embedded/mail/store.ts";
import type { NodeChild } from "../../shop/embedded/node-child.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { sandboxEnv, startSandbox } from "../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder } from "./database.ts";
import { WEBHOOK_SECRET } from "./events.ts";
import { withoutSettings } from "./settings.ts";

const SHOWN_LOG_LINES = 60;
/** Milliseconds a mail may take on a loaded machine; it takes a tenth of a second on an idle one. */
const MAIL_LIMIT_MS = 30_000;

export type AppOptions = {
  /** Settings on top of the usual ones. */
  env?: Record<string, string>;
  /**
   * A Stripe to use instead of a sandbox of its own, for example `startOtherStripe()`. Nothing is made in it: deliveries
   * are signed with WEBHOOK_SECRET, prices are `price_ebook` and so on, unless `env` says otherwise.
   */
  stripeApiBase?: string;
};

export type TestApp = {
  url: string;
  databaseUrl: string;
  stripeUrl: string;
  /** The whole environment of the app: its webhook secret, its prices. */
  env: NodeJS.ProcessEnv;
  /** What the app mailed; without `env.SMTP_URL` everything is caught. */
  mail: {
    url: string;
    /** Newest first. */
    to(address: string): CaughtMail[];
    /** The newest mail to an address whose subject fits, as soon as it is there. */
    next(address: string, subject?: RegExp): Promise<CaughtMail>;
  };
  /** Everything the app has written so far, restarts included. */
  log(): string;
  /** SIGKILL, and the wait until it is gone. The database and the sandbox live on. */
  kill(): Promise<void>;
  /** Stops the app if it still runs and starts it with the same environment. */
  restart(): Promise<void>;
  /** Stops everything and removes its data. */
  stop(): Promise<void>;
};

const running = new Set<TestApp>();

afterEach(({ task }) => {
  if (task.result?.state !== "fail") return;
  for (const app of running) console.log(`The app's log:\n${tail(app.log())}`);
});

/** The whole app for one test file: a database and a sandbox of its own, and src/server.ts as a process. */
export async function startApp(options: AppOptions = {}): Promise<TestApp> {
  const dir = mkdtempSync(join(runFolder(), "app-"));
  const log = join(dir, "app.log");
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 20_000));
  const port = await nextPort();
  const onSpawn = () => undefined;
  const [database, mail, sandbox] = await Promise.all([
    createDatabase(),
    startMailCatcher(dir, nextPort),
    options.stripeApiBase ? undefined : startSandbox({ dir, nextPort, onSpawn }),
  ]);
  const stripeUrl = sandbox?.url ?? options.stripeApiBase ?? "";
  const env: NodeJS.ProcessEnv = {
    ...withoutSettings(),
    PORT: String(port),
    DATABASE_URL: database.url,
    AUTH_SECRET: "an auth secret that only tests use",
    SMTP_URL: mail.smtpUrl,
    ...(sandbox ? await sandboxEnv(stripeUrl, port, dir) : otherStripeEnv(stripeUrl)),
    ...options.env,
  };

  let logged = "";
  let child: NodeChild | undefined;
  const start = async () => {
    // Each process has a log of its own; what the one before it wrote is kept here.
    logged += existsSync(log) ? readFileSync(log, "utf8") : "";
    try {
      child = await startAppProcess({ env, log, onSpawn });
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${tail(readFileSync(log, "utf8"))}`);
    }
  };
  const end = async () => {
    await child?.stop();
    child = undefined;
  };

  const app: TestApp = {
    url: `http://localhost:${port}`,
    databaseUrl: database.url,
    stripeUrl,
    env,
    mail: mailboxOf(mail),
    log: () => logged + (existsSync(log) ? readFileSync(log, "utf8") : ""),
    kill: async () => {
      if (child) signal(child.pid, "SIGKILL");
      await child?.exited;
      child = undefined;
    },
    restart: async () => {
      await end();
      await start();
    },
    stop: async () => {
      running.delete(app);
      await end();
      await sandbox?.stop();
      await mail.stop();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await app.stop();
    throw error;
  }
  running.add(app);
  return app;
}

function mailboxOf({ url, store }: MailCatcher): TestApp["mail"] {
  return {
    url,
    to: (address) => store.list(address),
    next: async (address, subject = /./) => {
      const find = () => store.list(address).find((mail) => subject.test(mail.subject));
      await until(() => find() !== undefined, MAIL_LIMIT_MS);
      const found = find();
      if (!found) throw new Error(`No mail to ${address} with a subject like ${subject} came.`);
      return found;
    },
  };
}

function otherStripeEnv(url: string): Record<string, string> {
  return {
    STRIPE_API_BASE: url,
    STRIPE_SECRET_KEY: "sk_test_other",
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_PRICE_EBOOK: "price_ebook",
    STRIPE_PRICE_PRO: "price_pro",
    STRIPE_PRICE_PRO_YEAR: "price_pro_year",
    STRIPE_PRICE_WORKSHOP: "price_workshop",
  };
}

function tail(log: string): string {
  return log.trimEnd().split("\n").slice(-SHOWN_LOG_LINES).join("\n");
}
