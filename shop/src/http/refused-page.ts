import type { Next } from "hono";
import { html, raw } from "hono/html";
import { type Failure, STATUS_OF } from "oncepaid/failure";
import type { Context } from "oncepaid/routes";
import { NAME } from "#/brand/look.ts";
import { brandStyle } from "#/brand/style-sheet.ts";
import { type Locale, localeOf } from "#/locale.ts";
import { TEXTS } from "#/texts/texts.ts";
import { themeOf } from "#/theme.ts";

/** What somebody sees who follows an old link in a browser: the same refusal and status, as a page with a way out. */

const STYLE = `
  body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6; font-family: var(--font); }
  main { max-width: 34rem; margin: 0 auto; padding: 14vh 20px; }
  p { margin: 0 0 12px; }
  .shop { color: var(--accent); font-weight: 700; }
  h1 { margin: 0 0 12px; font-size: clamp(1.75rem, 6vw, 2.375rem); line-height: 1.2; letter-spacing: -0.02em; }
  .why { margin-bottom: 28px; color: var(--muted); font-size: 1.125rem; }
  a { display: inline-block; padding: 12px 22px; border-radius: 12px; background: var(--accent); color: var(--on-accent);
    font-weight: 600; text-decoration: none; }
  a:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }`;

/**
 * Where a browser is sent to a download that is refused, the engine's JSON becomes a page of the same status; only a browser that
 * goes somewhere asks for `text/html`.
 */
export async function showRefusal(c: Context, next: Next): Promise<void> {
  await next();
  c.res.headers.set("vary", "accept, accept-language, cookie");
  if (c.res.ok || c.res.status < 400 || !c.req.header("accept")?.includes("text/html")) return;
  const refusal: unknown = await c.res.clone().json();
  const code = refusalCode(refusal);
  if (!code) return;
  const headers = new Headers(c.res.headers);
  headers.set("content-type", "text/html; charset=UTF-8");
  headers.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
  headers.delete("content-length");
  c.res = undefined;
  c.res = new Response(String(await page(code, c.req.raw.headers)), {
    status: STATUS_OF[code],
    headers,
  });
}

function refusalCode(refusal: unknown): Failure["code"] | undefined {
  const code: unknown = Object(refusal).code;
  return Object.keys(STATUS_OF).find((known): known is Failure["code"] => known === code);
}

/** Codes without a text of their own are mistakes of ours. */
function whyText(code: Failure["code"], locale: Locale): string {
  const { why, other } = TEXTS[locale].downloads;
  const texts: Partial<Record<Failure["code"], string>> = why;
  return texts[code] ?? other;
}

function page(code: Failure["code"], asked: Headers) {
  const locale = localeOf(asked);
  const { title, purchases } = TEXTS[locale].downloads;
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · ${NAME}</title>
<style>${raw(brandStyle(themeOf(asked)) + STYLE)}</style>
</head>
<body>
<main data-code="${code}">
<p class="shop">${NAME}</p>
<h1>${title}</h1>
<p class="why">${whyText(code, locale)}</p>
<a href="/account">${purchases}</a>
</main>
</body>
</html>`;
}
