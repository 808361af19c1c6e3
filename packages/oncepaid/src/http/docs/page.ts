import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { STATUS_OF } from "#/failure.ts";
import { MEANING } from "#/http/codes.ts";
import { FAILURE_CODES, INTRODUCTION } from "#/http/description.ts";
import { SCRIPT, STYLES } from "#/http/docs/assets.ts";
import { operation } from "#/http/docs/operation.ts";
import { fieldsOf } from "#/http/docs/schema.ts";
import { endpoint, file } from "#/http/endpoint.ts";
import { OUTBOUND, OUTBOUND_HEADERS } from "#/http/outbound.ts";
import type { Route } from "#/http/route.ts";

/**
 * The table of routes as a page on which each can be read and tried. Everything it needs stands in it: nothing is loaded from
 * anywhere, and no script or style but its own runs in it.
 */

const sourceOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const POLICY = [
  "default-src 'none'",
  `script-src ${sourceOf(SCRIPT)}`,
  `style-src ${sourceOf(STYLES)}`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The page; `all` are the routes on it, which may be more by the time it is asked for. */
export function docsEndpoint(all: () => readonly Route[], basePath: string) {
  return endpoint({
    summary: "All of this, as a page to read and try it",
    answers: file("text/html", "The page."),
    handle: async (c) => {
      c.header("content-security-policy", POLICY);
      c.header("referrer-policy", "no-referrer");
      c.header("cache-control", "no-store");
      return c.html(docsPage(all(), basePath));
    },
  });
}

function docsPage(routes: readonly Route[], basePath: string) {
  const groups = [...Map.groupBy(routes, groupOf)];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The API</title><meta name="robots" content="noindex"><link rel="icon" href="data:,">
<style>${raw(STYLES)}</style></head><body><div class="page">
<header><h1>The API</h1>${INTRODUCTION.map((line) => html`<p class="lead">${line}</p>`)}
<p class="lead">The same for programs: <a href="${basePath}/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<p class="notice">What you send is done: behind this page is the real API.</p>
<div id="tools">
<label><b>API key</b> · stays in this page<input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="without one: as who is signed in"></label>
<label><b>Find</b> · by a word of its path or purpose<input id="search" type="search" placeholder="refund"></label></div></header>
<nav aria-label="Routes"><ul>${groups.map(([name]) => html`<li><a href="#${name}">${titleOf(name)}</a></li>`)}
<li><a href="#told">What is told</a></li><li><a href="#codes">Failures</a></li></ul></nav>
<main>${groups.map(([name, some]) => html`<section data-group id="${name}"><h2>${titleOf(name)}</h2>${some.map((one) => operation(one, basePath))}</section>`)}
<section data-group id="told"><h2>What other servers are told</h2><p class="lead">${OUTBOUND[0]?.description}</p>
<ul class="fields">${Object.entries(OUTBOUND_HEADERS.shape).map(([name, { description }]) => html`<li><code>${name}</code> <small>${description}</small></li>`)}</ul>
${OUTBOUND.map(({ path, summary, event }) => html`<details class="operation"><summary><span class="method POST">POST</span><code>${path}</code><span>${summary}</span></summary><div>${fieldsOf(event, "output")}</div></details>`)}</section>
<section id="codes"><h2>Failures</h2><table><thead><tr><th>Code</th><th>Status</th><th>What it means</th></tr></thead>
<tbody>${FAILURE_CODES.map((code) => html`<tr><td><code>${code}</code></td><td>${STATUS_OF[code]}</td><td>${MEANING[code]}</td></tr>`)}</tbody></table></section>
</main></div><script>${raw(SCRIPT)}</script></body></html>`;
}

/** The first word of its path; under admin/ the second, beside what everybody may ask about the same thing. */
function groupOf({ path }: Route): string {
  const [, first = "", second = first] = path.split(/[/.]/);
  if (["openapi", "docs", "llms"].includes(first)) return "this-description";
  return first === "admin" ? `admin-${second}` : first;
}

function titleOf(group: string): string {
  return group.replace(/^admin-(.*)/, "$1 (desk)").replaceAll("-", " ");
}
