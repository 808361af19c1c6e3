import { html, raw } from "hono/html";
import type { Locale } from "#/locale.ts";
import type { Block, Letter, Row } from "#/mails/letter.ts";

/**
 * How a letter looks. Everything is inline, because mail programs drop what isn't; the classes are for dark mode and
 * phones only, which no inline style can tell apart. `html` escapes every value.
 */

const SHOP = "Oncepaid";

const FOOTER: Record<Locale, string> = {
  en: "You get this mail because of something you did on our pages. Nobody here will ever ask for your card or a code.",
  hi: "यह मेल आपको हमारे पेज पर किए गए आपके किसी काम की वजह से मिला है। हम आपसे कभी कार्ड या कोड नहीं माँगेंगे।",
};

const FONT =
  "font-family:'Inter','Noto Sans Devanagari',system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";

const ADAPTS = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .paper { background: #0d1411 !important; }
    .card { background: #17201b !important; border-color: #303d36 !important; }
    .ink { color: #edf1ec !important; }
    .muted { color: #a4b1a9 !important; }
    .line { border-color: #303d36 !important; }
    .brand { color: #6fd3a5 !important; }
    .button { background: #6fd3a5 !important; color: #06251a !important; }
    .code { background: #173527 !important; color: #edf1ec !important; }
  }
  @media (max-width: 480px) {
    .card { padding: 26px 20px !important; }
    .button { display: block !important; text-align: center !important; }
  }`;

/** The mail as a page of its own. `appUrl` is the origin of every link. */
export async function asHtml({ locale, subject, heading, blocks }: Letter, appUrl: string): Promise<string> {
  const page = await html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>${raw(ADAPTS)}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:#f7f4ed;">
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" style="background:#f7f4ed;">
<tr><td align="center" style="padding:32px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;">
<tr><td class="brand" style="${FONT}padding:0 4px 16px;color:#0f6f4c;font-size:17px;font-weight:700;">${SHOP}</td></tr>
<tr><td class="card" style="padding:36px 40px;background:#fffefb;border:1px solid #ddd8ca;border-radius:16px;">
<h1 class="ink" style="${FONT}margin:0 0 16px;color:#16211b;font-size:24px;line-height:1.3;font-weight:680;">${heading}</h1>
${blocks.map((block) => blockAsHtml(block, appUrl))}
</td></tr>
<tr><td class="muted" style="${FONT}padding:18px 4px 0;color:#57635c;font-size:13px;line-height:1.5;">${FOOTER[locale]}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>`;
  return page.toString();
}

/** The same without any markup, for who reads mail as text. */
export function asText({ locale, heading, blocks }: Letter, appUrl: string): string {
  return `${[heading, ...blocks.map((block) => blockAsText(block, appUrl)), `-- \n${FOOTER[locale]}`].join("\n\n")}\n`;
}

function blockAsHtml(block: Block, appUrl: string) {
  switch (block.kind) {
    case "text":
      return html`<p class="ink" style="${FONT}margin:0 0 18px;color:#16211b;font-size:16px;line-height:1.6;">${block.text}</p>`;
    case "rows":
      return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 22px;border-collapse:collapse;">${block.rows.map(rowAsHtml)}</table>`;
    case "link":
      return html`<p style="margin:0 0 22px;"><a class="button" href="${appUrl + block.path}" style="${FONT}display:inline-block;padding:13px 24px;background:#0f6f4c;border-radius:12px;color:#fffefb;font-size:16px;font-weight:600;text-decoration:none;">${block.label}</a></p>`;
    case "code":
      return html`<p class="code" style="margin:0 0 18px;padding:16px 12px;background:#dff0e6;border-radius:12px;color:#16211b;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:32px;font-weight:700;letter-spacing:8px;text-align:center;">${block.code}</p>`;
    case "note":
      return html`<p class="muted" style="${FONT}margin:0 0 14px;color:#57635c;font-size:14px;line-height:1.6;">${block.text}</p>`;
  }
}

function rowAsHtml({ name, value, strong }: Row) {
  const cell = `${FONT}padding:11px 0;border-top:1px solid #ddd8ca;font-size:15px;line-height:1.5;vertical-align:top;`;
  return html`<tr><td class="muted line" style="${cell}color:#57635c;padding-right:16px;">${name}</td><td class="ink line" align="right" style="${cell}color:#16211b;font-weight:${strong ? "700" : "500"};">${value}</td></tr>`;
}

function blockAsText(block: Block, appUrl: string): string {
  switch (block.kind) {
    case "rows":
      return block.rows.map(({ name, value }) => `${name}: ${value}`).join("\n");
    case "link":
      return `${block.label}: ${appUrl}${block.path}`;
    case "code":
      return `    ${block.code}`;
    default:
      return block.text;
  }
}
