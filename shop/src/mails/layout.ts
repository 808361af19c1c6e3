import { html, raw } from "hono/html";
import { DARK, FONT_FAMILY, LIGHT, MONOSPACE_FAMILY, NAME } from "#/brand/look.ts";
import type { Locale } from "#/locale.ts";
import type { Block, Letter, Row } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/**
 * How a letter looks. Everything is inline, because mail programs drop what isn't; the classes are for dark mode and
 * phones only, which no inline style can tell apart. `html` escapes every value.
 */

const FONT = `font-family:${FONT_FAMILY};`;

const ADAPTS = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .paper { background: ${DARK.paper} !important; }
    .card { background: ${DARK.surface} !important; border-color: ${DARK.line} !important; }
    .ink { color: ${DARK.ink} !important; }
    .muted { color: ${DARK.muted} !important; }
    .line { border-color: ${DARK.line} !important; }
    .brand { color: ${DARK.accent} !important; }
    .button { background: ${DARK.accent} !important; color: ${DARK.onAccent} !important; }
    .code { background: ${DARK.accentSoft} !important; color: ${DARK.ink} !important; }
  }
  @media (max-width: 480px) {
    .card { padding: 26px 20px !important; }
    .button { display: block !important; text-align: center !important; }
  }`;

/** The mail as a page of its own. `appUrl` is the origin of every link. */
export async function asHtml(
  { locale, subject, heading, blocks, because }: Letter,
  appUrl: string,
): Promise<string> {
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
<body class="paper" style="margin:0;padding:0;background:${LIGHT.paper};">
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" style="background:${LIGHT.paper};">
<tr><td align="center" style="padding:32px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;">
<tr><td class="brand" style="${FONT}padding:0 4px 16px;color:${LIGHT.accent};font-size:17px;font-weight:700;">${NAME}</td></tr>
<tr><td class="card" style="padding:36px 40px;background:${LIGHT.surface};border:1px solid ${LIGHT.line};border-radius:16px;">
<h1 class="ink" style="${FONT}margin:0 0 16px;color:${LIGHT.ink};font-size:24px;line-height:1.3;font-weight:680;">${heading}</h1>
${blocks.map((block) => blockAsHtml(block, appUrl))}
</td></tr>
<tr><td class="muted" style="${FONT}padding:18px 4px 0;color:${LIGHT.muted};font-size:13px;line-height:1.5;">${footer(locale, because)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>`;
  return page.toString();
}

/** The same without any markup, for who reads mail as text. */
export function asText({ locale, heading, blocks, because }: Letter, appUrl: string): string {
  return `${[heading, ...blocks.map((block) => blockAsText(block, appUrl)), `-- \n${footer(locale, because)}`].join("\n\n")}\n`;
}

/** Why somebody gets this mail, and what nobody will ask for in one. */
function footer(locale: Locale, because: Letter["because"] = "bought"): string {
  const t = mailText(locale);
  return `${t(`footer.${because}`)} ${t("footer.never")}`;
}

function blockAsHtml(block: Block, appUrl: string) {
  switch (block.kind) {
    case "text":
      return html`<p class="ink" style="${FONT}margin:0 0 18px;color:${LIGHT.ink};font-size:16px;line-height:1.6;">${block.text}</p>`;
    case "rows":
      return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 22px;border-collapse:collapse;">${block.rows.map(rowAsHtml)}</table>`;
    case "link":
      return block.quiet
        ? html`<p style="${FONT}margin:0 0 14px;font-size:14px;"><a class="muted" href="${appUrl + block.path}" style="color:${LIGHT.muted};">${block.label}</a></p>`
        : button(appUrl + block.path, block.label);
    case "outside":
      return button(block.url, block.label);
    case "code":
      return html`<p class="code" style="margin:0 0 18px;padding:16px 12px;background:${LIGHT.accentSoft};border-radius:12px;color:${LIGHT.ink};font-family:${MONOSPACE_FAMILY};font-size:32px;font-weight:700;letter-spacing:8px;text-align:center;">${block.code}</p>`;
    case "note":
      return html`<p class="muted" style="${FONT}margin:0 0 14px;color:${LIGHT.muted};font-size:14px;line-height:1.6;">${block.text}</p>`;
  }
}

function button(href: string, label: string) {
  return html`<p style="margin:0 0 22px;"><a class="button" href="${href}" style="${FONT}display:inline-block;padding:13px 24px;background:${LIGHT.accent};border-radius:12px;color:${LIGHT.onAccent};font-size:16px;font-weight:600;text-decoration:none;">${label}</a></p>`;
}

function rowAsHtml({ name, value, strong }: Row) {
  const cell = `${FONT}padding:11px 0;border-top:1px solid ${LIGHT.line};font-size:15px;line-height:1.5;vertical-align:top;`;
  return html`<tr><td class="muted line" style="${cell}color:${LIGHT.muted};padding-right:16px;">${name}</td><td class="ink line" align="right" style="${cell}color:${LIGHT.ink};font-weight:${strong ? "700" : "500"};">${value}</td></tr>`;
}

function blockAsText(block: Block, appUrl: string): string {
  switch (block.kind) {
    case "rows":
      return block.rows.map(({ name, value }) => `${name}: ${value}`).join("\n");
    case "link":
      return `${block.label}: ${appUrl}${block.path}`;
    case "outside":
      return `${block.label}: ${block.url}`;
    case "code":
      return `    ${block.code}`;
    default:
      return block.text;
  }
}
