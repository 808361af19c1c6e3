import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import { isLoopback } from "#/config.ts";
import { FONT_PATH, mailPage, messageFrame } from "./page.ts";
import type { CaughtMail, MailStore } from "./store.ts";

const FONT = fileURLToPath(
  import.meta.resolve(
    "@fontsource-variable/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-wght-normal.woff2",
  ),
);

/** Our own page: its one script by its nonce, no picture or font from anywhere. */
const pagePolicy = (nonce: string) =>
  `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; img-src data:; font-src 'self'; base-uri 'none'; form-action 'none'`;
/** A mail is somebody's HTML: no script, nothing loaded, links only in a new window. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self'; frame-ancestors 'self'";

/** The page and the JSON API to read what was caught: `GET /api/messages?to=`, `GET` one, `DELETE` all. */
export function mailWeb(store: MailStore): Hono {
  const web = new Hono();
  web.use(async (c, next) => {
    // A foreign page can make a browser ask here under a name of its own; the mails hold sign-in codes.
    if (!isLoopback(c.req.url)) return c.json({ error: "Only for this machine.", code: "forbidden" }, 403);
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
  });

  web.get("/api/messages", (c) => c.json({ messages: store.list(c.req.query("to")).map(summaryOf) }));
  web.delete("/api/messages", (c) => {
    store.clear();
    return c.json({ messages: [] });
  });
  web.get(
    "/api/messages/:id",
    withMail((c, mail) => c.json(detailsOf(mail))),
  );

  const page = (c: Context, mail?: CaughtMail) => {
    const nonce = crypto.randomUUID();
    c.header("content-security-policy", pagePolicy(nonce));
    return c.html(mailPage(store.list(), mail, nonce));
  };
  web.get(FONT_PATH, async (c) => {
    // The frame of a mail is nobody's origin, so the font has to be everybody's.
    c.header("access-control-allow-origin", "*");
    return c.body(new Uint8Array(await readFile(FONT)), 200, { "content-type": "font/woff2" });
  });
  web.get("/", (c) => page(c));
  web.get("/messages/:id", withMail(page));
  web.get(
    "/messages/:id/html",
    withMail((c, mail) => {
      c.header("content-security-policy", MAIL_POLICY);
      return c.html(messageFrame(mail));
    }),
  );
  web.get(
    "/messages/:id/source",
    withMail((c, { id }) => c.text(store.source(id)?.toString("utf8") ?? "")),
  );
  web.get(
    "/messages/:id/attachments/:number",
    withMail((c, mail) => attachment(c, mail.attachments[Number(c.req.param("number"))])),
  );
  web.notFound((c) => c.json({ error: "There is no such mail.", code: "not_found" }, 404));
  return web;

  function withMail(answer: (c: Context, mail: CaughtMail) => Response | Promise<Response>) {
    return (c: Context) => {
      const mail = store.find(c.req.param("id") ?? "");
      return mail ? answer(c, mail) : c.notFound();
    };
  }
}

/** Saved, never shown: it is somebody's file. */
function attachment(c: Context, file: CaughtMail["attachments"][number] | undefined) {
  if (!file) return c.notFound();
  return c.body(new Uint8Array(file.content), 200, {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
  });
}

function summaryOf({ id, receivedAt, from, to, subject, messageId }: CaughtMail) {
  return { id, receivedAt: receivedAt.toISOString(), from, to, subject, messageId };
}

/** Attachments come with their content in base64. */
function detailsOf(mail: CaughtMail) {
  return {
    ...summaryOf(mail),
    text: mail.text,
    html: mail.html ?? null,
    headers: mail.headers,
    attachments: mail.attachments.map(({ content, ...file }) => ({
      ...file,
      content: content.toString("base64"),
    })),
  };
}
