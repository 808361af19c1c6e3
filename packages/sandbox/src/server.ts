import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { apiApp, type Delay } from "./api/app.ts";
import { controlApp } from "./control/app.ts";
import { dashboard } from "./dashboard/routes.ts";
import { documents } from "./documents.ts";
import { hostedPage } from "./hosted-page/routes.ts";
import { seedIds } from "./ids.ts";
import { isLoopback, onlyLoopback } from "./loopback.ts";
import { paymentLinkPages } from "./payment-links/visit.ts";
import { portal } from "./portal/routes.ts";
import { createEndpoint } from "./resources/webhook-endpoints.ts";
import { stripeJs } from "./stripe-js/routes.ts";
import { secondApi } from "./v2/app.ts";
import { World } from "./world.ts";

export interface SandboxOptions {
  /** 0 picks a free one. */
  port: number;
  /** Default: only this machine can reach it, and only by its own names. */
  host?: string;
  /** Where state is kept; without it, it ends with the process. */
  dataDir?: string;
  /** An endpoint for all events, made unless one with this URL is there already. */
  webhook?: { url: string; secret?: string };
  /** Seconds before each retry of a delivery; without it, what was last set, or three over two and a half hours. */
  webhookRetries?: number[];
  /** The same ids every run. All sandboxes of a process draw from it, so it is for one at a time. */
  seed?: number;
  /** Called, and waited for, before each API request is carried out. */
  delay?: Delay;
}

export interface RunningSandbox {
  url: string;
  port: number;
  /** The signing secret of the `webhook` endpoint. */
  webhookSecret: string | undefined;
  close(): Promise<void>;
}

/** Starts a sandbox and resolves once it listens. Rejects with `EADDRINUSE` when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const host = options.host ?? "127.0.0.1";
  if (options.seed !== undefined) seedIds(options.seed);
  const world = new World(options.dataDir);
  const app = new Hono();
  if (isLoopback(host)) app.use(onlyLoopback);
  app.route("/", apiApp(world, options.delay));
  app.route("/", secondApi(world));
  app.route("/", hostedPage(world));
  app.route("/", paymentLinkPages(world));
  app.route("/", stripeJs(world));
  app.route("/", portal(world));
  app.route("/", controlApp(world));
  app.route("/", documents(world));
  app.route("/", dashboard(world));

  const { server, port } = await listen(app, options.port, host).catch((error) => {
    world.close();
    throw error;
  });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex) =>
    world.listeners.connect(request, stream, isLoopback(host)),
  );
  world.origin = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (options.webhookRetries)
    world.store.setSetting("webhook_retries", JSON.stringify(options.webhookRetries));
  const webhookSecret = options.webhook && endpointFor(world, options.webhook);
  // What fell due, or was cut off, while no process was running.
  world.timers.run();
  world.courier.wake();

  let closing: Promise<void> | undefined;
  const close = () => {
    // A connection that has changed its protocol is none of the server's any more, and yet it waits for it.
    world.listeners.close();
    closing ??= new Promise<void>((resolve) => {
      server.close(() => {
        world.close();
        resolve();
      });
      // Browsers keep connections open; a closing sandbox doesn't wait for them.
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
    return closing;
  };
  return { url: world.origin, port, webhookSecret, close };
}

function listen(app: Hono, port: number, hostname: string) {
  return new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname }, (address) => {
      server.off("error", reject);
      resolve({ server, port: address.port });
    });
    server.once("error", reject);
  });
}

function endpointFor(world: World, wanted: { url: string; secret?: string }): string {
  return world.act({}, (act) => {
    const known = act.store
      .list("webhook_endpoint", [], { limit: 100 })
      .data.find((endpoint) => endpoint.url === wanted.url);
    if (known && wanted.secret) act.store.setNote(known.id, "secret", wanted.secret);
    const secret = known && act.store.note(known.id, "secret");
    return secret ?? createEndpoint(act, { ...wanted, enabledEvents: ["*"] }).secret;
  });
}
