import { html, raw } from "hono/html";
import { brandStyle } from "../../src/brand/style-sheet.ts";
import type { CaughtMail } from "./store.ts";

/** The page that lists what was caught and shows one mail beside it, or instead of it on a phone. */

/** Mails in Hindi are readable on a machine without such a font, as the shop's pages are. */
export const FONT_PATH = "/devanagari.woff2";
const FONT = `@font-face { font-family: "Noto Sans Devanagari"; src: url("${FONT_PATH}") format("woff2-variations");
  font-weight: 100 900; unicode-range: U+0900-097F, U+200C-200D, U+20B9, U+25CC, U+A8E0-A8FF; }`;

const STYLE = `${FONT}
${brandStyle(undefined)}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--font); }
a { color: inherit; text-decoration: none; }
header { display: flex; align-items: baseline; gap: 14px; padding: 18px 24px; border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 18px; letter-spacing: -0.02em; }
header p { margin: 0; color: var(--muted); }
button { margin-left: auto; padding: 7px 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface);
  color: inherit; font: inherit; cursor: pointer; white-space: nowrap; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; }
main { display: grid; grid-template-columns: 360px minmax(0, 1fr); min-height: calc(100vh - 66px); }
nav { border-right: 1px solid var(--line); overflow-y: auto; max-height: calc(100vh - 66px); }
ol { margin: 0; padding: 10px; list-style: none; }
li a { display: block; padding: 11px 14px; border-radius: 12px; }
li a:hover { background: var(--sunken); }
li a[aria-current] { background: var(--accent-soft); }
li strong { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 620; }
li span { display: flex; justify-content: space-between; gap: 12px; color: var(--muted); font-size: 13.5px; }
li span span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: block; }
li time { white-space: nowrap; }
article { display: flex; flex-direction: column; gap: 16px; padding: 24px; min-width: 0; }
h2 { margin: 0; font-size: 21px; line-height: 1.3; letter-spacing: -0.02em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 14px; margin: 0; color: var(--muted); font-size: 14px; }
dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
iframe { width: 100%; height: 640px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
details { border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
summary { padding: 10px 16px; cursor: pointer; color: var(--muted); }
pre { margin: 0; padding: 4px 16px 16px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13px/1.6 var(--monospace); }
.files { display: flex; flex-wrap: wrap; gap: 8px; }
.files a { padding: 7px 13px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
.empty { margin: auto; padding: 48px 24px; max-width: 34em; color: var(--muted); text-align: center; }
.source { color: var(--accent); }
.back { display: none; color: var(--accent); }
@media (max-width: 760px) {
  header { padding: 14px 16px; flex-wrap: wrap; } header p { display: none; }
  main { display: block; } nav { border: 0; max-height: none; } article { padding: 18px 16px; }
  .one nav, .list article { display: none; } .back { display: inline; } iframe { height: 560px; }
}`;

/** Looks for newer mail every two seconds, and empties the list when asked to. */
const SCRIPT = `
const newest = document.body.dataset.newest;
const look = async () => {
  const { messages } = await (await fetch("/api/messages")).json();
  if ((messages[0]?.id ?? "") !== newest && !document.hidden) location.reload();
};
setInterval(() => look().catch(() => {}), 2000);
document.querySelector("button")?.addEventListener("click", async () => {
  await fetch("/api/messages", { method: "DELETE" });
  location.href = "/";
});`;

export function mailPage(mails: CaughtMail[], shown: CaughtMail | undefined, nonce: string) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${shown ? shown.subject : "Caught mail"}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body class="${shown ? "one" : "list"}" data-newest="${mails[0]?.id ?? ""}">
<header><h1><a href="/">Caught mail</a></h1><p>What the shop sends ends here and goes nowhere else.</p>
${mails.length > 0 ? html`<button type="button">Delete all</button>` : ""}</header>
<main>
<nav aria-label="Mails, newest first">${mails.length > 0 ? html`<ol>${mails.map((mail) => entry(mail, shown))}</ol>` : html`<p class="empty">No mail yet. Buy something, or ask for a sign-in code: it appears here by itself.</p>`}</nav>
${shown ? article(shown) : html`<article><p class="empty">${mails.length > 0 ? "Choose a mail to read it." : ""}</p></article>`}
</main>
<script nonce="${nonce}">${raw(SCRIPT)}</script>
</body>
</html>`;
}

/** The mail's own HTML, or its text, as the page of its frame. */
export function messageFrame({ html: own, text }: CaughtMail) {
  if (own === undefined) return html`<!doctype html><pre style="white-space:pre-wrap">${text}</pre>`;
  return html`<base target="_blank"><style>${raw(FONT)}</style>${raw(own)}`;
}

function entry({ id, subject, to, receivedAt }: CaughtMail, shown: CaughtMail | undefined) {
  return html`<li><a href="/messages/${id}" ${id === shown?.id ? raw('aria-current="page"') : ""}>
<strong>${subject || "(no subject)"}</strong>
<span><span>${to.join(", ")}</span>${time(receivedAt, "time")}</span></a></li>`;
}

function article({ id, subject, from, to, receivedAt, text, html: own, headers, attachments }: CaughtMail) {
  return html`<article>
<a class="back" href="/">← All mail</a>
<h2>${subject || "(no subject)"}</h2>
<dl><dt>From</dt><dd>${from}</dd><dt>To</dt><dd>${to.join(", ")}</dd><dt>Came</dt><dd>${time(receivedAt)}</dd></dl>
${attachments.length > 0 ? html`<div class="files">${attachments.map(({ filename, size }, number) => html`<a href="/messages/${id}/attachments/${number}">📎 ${filename} (${Math.ceil(size / 1024)} kB)</a>`)}</div>` : ""}
<iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${id}/html"></iframe>
${own === undefined ? "" : html`<details><summary>As text</summary><pre>${text}</pre></details>`}
<details><summary>Headers</summary><pre>${headers.join("\n")}</pre></details>
<p><a class="source" href="/messages/${id}/source">Whole source</a></p>
</article>`;
}

function time(at: Date, shown: "time" | "all" = "all") {
  const [date = "", ofDay = ""] = at.toISOString().split(/[T.]/);
  const whole = `${date} ${ofDay} UTC`;
  return html`<time datetime="${at.toISOString()}" title="${whole}">${shown === "time" ? ofDay : whole}</time>`;
}
