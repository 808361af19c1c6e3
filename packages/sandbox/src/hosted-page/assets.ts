import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Hono } from "hono";

const TYPES = {
  "checkout.css": "text/css; charset=utf-8",
  "checkout.js": "text/javascript; charset=utf-8",
  "frame.js": "text/javascript; charset=utf-8",
};

const DEVANAGARI =
  "@fontsource-variable/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-wght-normal.woff2";

/** What the pages load beside themselves: nothing of it comes from elsewhere. */
export function pageAssets(): Hono {
  const app = new Hono();
  for (const [name, type] of Object.entries(TYPES)) {
    const body = readFileSync(new URL(name, import.meta.url), "utf8");
    app.get(`/c/assets/${name}`, (context) => context.body(body, 200, { "Content-Type": type }));
  }
  const font = readFileSync(createRequire(import.meta.url).resolve(DEVANAGARI));
  app.get("/c/assets/devanagari.woff2", (context) =>
    context.body(font, 200, { "Cache-Control": "max-age=86400", "Content-Type": "font/woff2" }),
  );
  return app;
}
