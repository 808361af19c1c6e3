import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { isAccount } from "./account-id.ts";
import { Accounts } from "./accounts.ts";
import type { Delay } from "./api/delay.ts";
import type { Account, Webhook } from "./control/account.ts";
import { controlApp } from "./control/app.ts";
import { accountOf } from "./control/open-account.ts";
import { dashboard } from "./dashboard/routes.ts";
import { documents } from "./documents.ts";
import { endpointFor } from "./endpoint-for.ts";
import { hostedPage } from "./hosted-page/routes.ts";
import { seedIds } from "./ids.ts";
import { isLoopback, onlyLoopback } from "./loopback.ts";
import { paymentLinkPages } from "./payment-links/visit.ts";
import { portal } from "./portal/routes.ts";
import { stripeJs } from "./stripe-js/routes.ts";
import { apiApp } from "./v1/app.ts";
import { secondApi } from "./v2/app.ts";
import type { World } from "./world.ts";

const LOCAL = "127.0.0.1";

export interface SandboxOptions {
  /** 0 picks a free one. */
  port: number;
  /** Default: only this machine can reach it, and only by its own names. */
  host?: string;
  /** Where state is kept; without it, it ends with the process. */
  dataDir?: string;
  /** An endpoint for all events, made unless one with this URL is there already. */
  webhook?: Webhook;
  /** Seconds before each retry of a delivery; without it, what was last set, or three over two and a half hours. */
  webhookRetries?: number[];
  /** The same ids every run. All sandboxes of a process draw from it, so it is for one at a time. */
  seed?: number;
  /** Time stands still, except for `advance`: nothing happens by itself while a test looks. */
  frozenClock?: boolean;
  /** Called, and waited for, before each API request is carried out. */
  delay?: Delay;
}

export interface RunningSandbox {
  url: string;
  port: number;
  /** The signing secret of the `webhook` endpoint. */
  webhookSecret: string | undefined;
  /** An account of its own, which nothing is shared with: objects, clock, endpoints, faults. Made when first named. */
  account(name: string, webhook?: Webhook): Account;
  close(): Promise<void>;
}

/** Starts a sandbox and resolves once it listens. Rejects with `EADDRINUSE` when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { host = LOCAL } = options;
  if (options.seed !== undefined) seedIds(options.seed);
  const accounts = new Accounts((world, all) => appOf(world, all, options), options);
  const { server, port } = await listen(accounts, options.port, host).catch((error) => {
    accounts.close();
    throw error;
  });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex) =>
    accounts.worldForListener(request).listeners.connect(request, stream, isLoopback(host)),
  );
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const { main } = accounts;
  if (options.webhookRetries)
    main.store.setSetting("webhook_retries", JSON.stringify(options.webhookRetries));
  main.origin = url;
  const webhookSecret = options.webhook && endpointFor(main, options.webhook);
  accounts.listenAt(url);

  let closing: Promise<void> | undefined;
  const close = () => {
    // A connection that has changed its protocol is none of the server's any more, and yet it waits for it.
    accounts.closeListeners();
    closing ??= new Promise<void>((resolve) => {
      server.close(() => {
        accounts.close();
        resolve();
      });
      // Browsers keep connections open; a closing sandbox doesn't wait for them.
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
    return closing;
  };
  return {
    url,
    port,
    webhookSecret,
    account: (name, webhook) => namedAccount(accounts, name, webhook),
    close,
  };
}

/** All that answers for one account. */
function appOf(world: World, accounts: Accounts, { host = LOCAL, delay }: SandboxOptions): Hono {
  const app = new Hono();
  if (isLoopback(host)) app.use(onlyLoopback);
  app.route("/", apiApp(world, delay));
  app.route("/", secondApi(world, delay));
  app.route("/", hostedPage(world));
  app.route("/", paymentLinkPages(world));
  app.route("/", stripeJs(world));
  app.route("/", portal(world));
  app.route("/", controlApp(world, accounts));
  app.route("/", documents(world));
  app.route("/", dashboard(world, accounts));
  return app;
}

function namedAccount(accounts: Accounts, name: string, webhook?: Webhook): Account {
  const id = `acct_${name}`;
  if (!isAccount(id)) throw new Error(`An account's name has up to 40 of a-z, 0-9 and _, unlike "${name}".`);
  return accountOf(accounts.worldOf(id), webhook);
}

function listen(accounts: Accounts, port: number, hostname: string) {
  const fetch = (request: Request, env: object) => accounts.appFor(request).fetch(request, env);
  return new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve, reject) => {
    const server = serve({ fetch, port, hostname }, (address) => {
      server.off("error", reject);
      resolve({ server, port: address.port });
    });
    server.once("error", reject);
  });
}
