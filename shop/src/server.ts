import type { RequestListener } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import next from "next";
import { closeAll, listenOn, toNodeListener } from "oncepaid/node";
import { auth } from "#/accounts/auth.ts";
import { ConfigError, config } from "#/config.ts";
import { logForeignLines } from "#/foreign-lines.ts";
import { shopApi } from "#/http/app.ts";
import { buildFiles } from "#/http/build-files.ts";
import { hostsFor, webServer } from "#/http/web-server.ts";
import { log } from "#/log.ts";
import { closeShop, oncepaid } from "#/oncepaid.ts";
import { checkWhole, warnOfUnsaid } from "#/whole.ts";

/**
 * The web process (http/web-server.ts says who answers what). It tells a parent
 * process when it is ready, and stops by a signal, the parent's word or the parent's death: no new requests, the
 * running ones finish, then the database is closed.
 */

const SHOP = join(import.meta.dirname, "..");
/** Running requests get this long to finish. */
const GRACE_MS = 8_000;

async function serve(): Promise<void> {
  checkWhole();
  warnOfUnsaid();
  // In development a person reads them, with their colours.
  if (!config().development) logForeignLines(log());
  // What can't be loaded stops the start; at first use it would fail somebody's request.
  await auth();
  const { development, port, appUrl, host, trustedProxies, worker, drainSeconds } = config();
  let stopping = false;
  let showPage: RequestListener = (_request, response) => void response.writeHead(503).end();
  const pagesOfNext: RequestListener = (request, response) => showPage(request, response);
  const server = webServer({
    appUrl,
    development,
    trustedProxies,
    isStopping: () => stopping,
    api: toNodeListener(shopApi()),
    // `npm run dev` has no build: Next makes each file when it is asked for.
    buildFiles: development ? pagesOfNext : buildFiles(join(SHOP, ".next", "static")),
    pages: pagesOfNext,
  });
  const pages = next({ dev: development, dir: SHOP, port, httpServer: server });
  await pages.prepare();
  showPage = pages.getRequestHandler();
  const listeners = await listenOn(server, port, hostsFor(appUrl, host));
  const work = worker === "inline" ? await oncepaid().work() : undefined;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // Connections that wait to be taken are lost when a server closes: first nobody should send any.
    await pause(drainSeconds * 1000);
    await Promise.all([closeAll(server, listeners, GRACE_MS), work?.stop()]);
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

serve().catch((error: unknown) => {
  const message =
    error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
