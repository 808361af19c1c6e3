import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** What the pages load from the build: scripts, styles and fonts, compressed when it was made. Their names change with their contents. */
export function buildFiles(folder: string): RequestListener {
  const files = new Hono();
  files.get(
    "/_next/static/*",
    async (context, next) => {
      await next();
      if (context.res.ok) context.header("cache-control", `public, max-age=${YEAR_SECONDS}, immutable`);
    },
    serveStatic({
      root: folder,
      precompressed: true,
      rewriteRequestPath: (path) => path.replace("/_next/static", ""),
    }),
  );
  // Another version's, while machines are replaced one by one: the next try may reach one that has it.
  files.notFound((context) => context.text("Not found\n", 404, { "cache-control": "no-store" }));
  const listen = getRequestListener(files.fetch, { overrideGlobalObjects: false });
  return (request, response) => void listen(request, response);
}
