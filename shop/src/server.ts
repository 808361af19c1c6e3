import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import { toNodeListener } from "oncepaid/node";
import { ConfigError, config, isLoopback } from "#/config.ts";
import { shopApi } from "#/http/app.ts";
import { log } from "#/log.ts";
import { closeShop, oncepaid } from "#/oncepaid.ts";

/**
 * The web process: `/api/*` goes straight to the API, everything else to Next, on one port. It tells a parent
 * process when it is ready, and stops by a signal, the parent's word or the parent's death: no new requests, the
 * running ones finish, then the database is closed.
 */

const SHOP = join(import.meta.dirname, "..");
/** Running requests get this long to finish. */
const GRACE_MS = 8_000;

async function serve(): Promise<void> {
  const { development, port, appUrl, worker } = config();
  const pages = next({ dev: development, dir: SHOP, port });
  await pages.prepare();
  const showPage = pages.getRequestHandler();
  const answerApi = toNodeListener(shopApi());
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/api/")) return answerApi(request, response);
    if (!isReadable(request)) return refuse(response);
    const home = canonicalUrl(request, appUrl);
    if (home) return redirect(response, home);
    return showPage(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  const work = worker === "inline" ? await oncepaid().work() : undefined;
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await Promise.all([closed, work?.stop()]);
    clearTimeout(grace);
    await closeShop();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
  process.on("message", (message) => {
    if (typeof message === "object" && message !== null && "type" in message && message.type === "stop")
      stop();
  });
  // A cart may be filled on one machine and paid on this one, which has to know what the pages have shown.
  void oncepaid().products();
  log().info({ port, appUrl }, "ready");
  process.send?.({ type: "ready", url: appUrl });
}

/** Next answers 500 for a path that isn't percent-encoded UTF-8, as a mistake of ours. */
function isReadable({ url = "/" }: IncomingMessage): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
  response.end("This address isn't written correctly.\n");
}

/**
 * On one's own machine the shop answers under several names, but the browser's account cookie belongs to the name
 * Stripe sends the buyer back to.
 */
function canonicalUrl(request: IncomingMessage, appUrl: string): string | undefined {
  const host = request.headers.host;
  if (!host || request.method !== "GET" || !isLoopback(appUrl)) return undefined;
  const asked = `http://${host}`;
  if (asked === appUrl || !URL.canParse(asked) || !isLoopback(asked)) return undefined;
  if (new URL(asked).port !== new URL(appUrl).port) return undefined;
  return appUrl + request.url;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(307, { location }).end();
}

serve().catch((error: unknown) => {
  const message =
    error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
