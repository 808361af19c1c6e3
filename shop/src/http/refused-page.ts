import type { Next } from "hono";
import { html } from "hono/html";
import { type Failure, STATUS_OF } from "oncepaid/failure.ts";
import type { Context } from "oncepaid/http/context.ts";
import { type Locale, localeOf } from "#/locale.ts";

/** What somebody sees who follows an old link in a browser: the same refusal and status, as a page with a way out. */

type Refusal = { [code in Failure["code"]]?: string };

const TEXT: Record<Locale, { title: string; purchases: string; other: string; why: Refusal }> = {
  en: {
    title: "This can’t be downloaded",
    purchases: "Open my purchases",
    other: "Something went wrong on our side. Please try again in a while.",
    why: {
      access_ended: "Your access to this has ended.",
      access_suspended: "Your access is paused at the moment.",
      download_limit: "There are no downloads left. Write to us for more.",
      link_expired: "This link was good for five minutes. Your purchases have a new one.",
      link_invalid:
        "This link isn’t one of ours, or a part of it is missing. Your purchases have the right one.",
      unauthenticated: "Sign in first, with the address you bought it under.",
      not_found:
        "This download isn’t among your purchases. Are you signed in with the address you bought it under?",
      file_unavailable: "The file can’t be read at the moment. Nothing is lost: please try again in a while.",
    },
  },
  hi: {
    title: "यह डाउनलोड नहीं हो सकता",
    purchases: "मेरी ख़रीदारी खोलें",
    other: "हमारी ओर से कुछ गड़बड़ हुई। कृपया थोड़ी देर में फिर कोशिश करें।",
    why: {
      access_ended: "इसका आपका एक्सेस समाप्त हो चुका है।",
      access_suspended: "आपका एक्सेस अभी रुका हुआ है।",
      download_limit: "कोई डाउनलोड बाक़ी नहीं है। और चाहिए तो हमें लिखें।",
      link_expired: "यह लिंक पाँच मिनट के लिए था। नया लिंक आपकी ख़रीदारी में है।",
      link_invalid: "यह लिंक हमारा नहीं है, या इसका कोई हिस्सा छूट गया है। सही लिंक आपकी ख़रीदारी में है।",
      unauthenticated: "पहले उस पते से साइन इन करें जिससे आपने इसे ख़रीदा था।",
      not_found: "यह डाउनलोड आपकी ख़रीदारी में नहीं है। क्या आपने उसी पते से साइन इन किया है जिससे इसे ख़रीदा था?",
      file_unavailable: "फ़ाइल अभी नहीं पढ़ी जा सकती। कुछ खोया नहीं है: कृपया थोड़ी देर में फिर कोशिश करें।",
    },
  },
};

/**
 * Where a browser is sent to a download that is refused, the engine's JSON becomes a page of the same status; only a browser that
 * goes somewhere asks for `text/html`.
 */
export async function showRefusal(c: Context, next: Next): Promise<void> {
  await next();
  c.res.headers.set("vary", "accept, accept-language, cookie");
  if (c.res.ok || c.res.status < 400 || !c.req.header("accept")?.includes("text/html")) return;
  const refusal: unknown = await c.res.clone().json();
  const code = codeOf(refusal);
  if (!code) return;
  const headers = new Headers(c.res.headers);
  headers.set("content-type", "text/html; charset=UTF-8");
  headers.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
  headers.delete("content-length");
  c.res = undefined;
  c.res = new Response(String(await page(code, localeOf(c.req.raw.headers))), {
    status: STATUS_OF[code],
    headers,
  });
}

function codeOf(refusal: unknown): Failure["code"] | undefined {
  const code: unknown = Object(refusal).code;
  return Object.keys(STATUS_OF).find((known): known is Failure["code"] => known === code);
}

function page(code: Failure["code"], locale: Locale) {
  const { title, purchases, other, why } = TEXT[locale];
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Oncepaid</title>
<style>
  :root { --paper: #f7f4ed; --ink: #16211b; --muted: #57635c; --accent: #0f6f4c; --on-accent: #fffefb; }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #0d1411; --ink: #edf1ec; --muted: #a4b1a9; --accent: #6fd3a5; --on-accent: #06251a; }
  }
  body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6;
    font-family: Inter, "Noto Sans Devanagari", system-ui, sans-serif; }
  main { max-width: 34rem; margin: 0 auto; padding: 14vh 20px; }
  p { margin: 0 0 12px; }
  .shop { color: var(--accent); font-weight: 700; }
  h1 { margin: 0 0 12px; font-size: clamp(1.75rem, 6vw, 2.375rem); line-height: 1.2; letter-spacing: -0.02em; }
  .why { margin-bottom: 28px; color: var(--muted); font-size: 1.125rem; }
  a { display: inline-block; padding: 12px 22px; border-radius: 12px; background: var(--accent); color: var(--on-accent);
    font-weight: 600; text-decoration: none; }
  a:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
</style>
</head>
<body>
<main data-code="${code}">
<p class="shop">Oncepaid</p>
<h1>${title}</h1>
<p class="why">${why[code] ?? other}</p>
<a href="/account">${purchases}</a>
</main>
</body>
</html>`;
}
