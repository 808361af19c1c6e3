import { html } from "hono/html";
import { arrow, bigClock, bigTick } from "../hosted-page/marks.ts";
import type { Speech } from "./copy.ts";

export type Html = ReturnType<typeof html>;

export const SHOP = "Sandbox shop";
const ACCENT = "#0074d4";

/** The frame of every page of the portal: whose it is and the way back on one side, what there is to do on the other. */
export function frame(
  { tag, t }: Speech,
  view: { title: string; returnUrl: string | null; headline: string | null; content: Html },
): Html {
  const mark = html`<span class="shop-mark" aria-hidden="true">${SHOP.slice(0, 1)}</span>`;
  return document(
    tag,
    view.title,
    html`<a class="skip" href="#content">${t("skip")}</a>
      <div class="checkout portal">
        <header class="summary">
          <div class="shop">
            <span class="back">${mark} <span class="shop-name">${SHOP}</span></span>
            <span class="badge">${t("sandbox")}</span>
          </div>
          <p class="portal-title">${view.headline ?? t("manage", { shop: SHOP })}</p>
          <p class="portal-text">${t("manageText")}</p>
          ${
            view.returnUrl
              ? html`<a class="back return" href="${view.returnUrl}">${arrow()} ${t("returnTo", { shop: SHOP })}</a>`
              : ""
          }
          <p class="portal-note">${t("sandboxNote")}</p>
        </header>
        <main class="form-column" id="content" tabindex="-1">${view.content}</main>
      </div>`,
  );
}

/** A page that has nothing but one thing to say. */
export function notice(
  { tag, t }: Speech,
  view: { title: string; text: string; good: boolean; link: { href: string; label: string } | null },
): Html {
  return document(
    tag,
    view.title,
    html`<main class="closed">
      <div class="closed-card">
        ${view.good ? bigTick() : bigClock()}
        <h1>${view.title}</h1>
        <p>${view.text}</p>
        ${view.link && html`<a class="submit" href="${view.link.href}">${view.link.label}</a>`}
        <span class="badge">${t("sandbox")}</span>
      </div>
    </main>`,
  );
}

/** A document on its own, such as an invoice. */
export function paper({ tag, t }: Speech, title: string, content: Html): Html {
  return document(
    tag,
    title,
    html`<main class="closed portal">
      <div class="paper">${content}<span class="badge">${t("sandbox")}</span></div>
    </main>`,
  );
}

function document(tag: string, title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="${tag}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/c/assets/checkout.css" />
        <link rel="stylesheet" href="/p/assets/portal.css" />
      </head>
      <body style="--accent: ${ACCENT}">
        ${content}
      </body>
    </html>`;
}
