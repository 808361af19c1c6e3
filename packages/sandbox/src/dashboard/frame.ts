import { html } from "hono/html";
import type { World } from "../world.ts";
import { button, type Html, moment } from "./parts.ts";

const PAGES = [
  ["/", "Overview"],
  ["/dashboard/objects", "Objects"],
  ["/dashboard/events", "Events"],
  ["/dashboard/deliveries", "Deliveries"],
  ["/dashboard/webhooks", "Webhooks"],
  ["/dashboard/faults", "Faults"],
] as const;

interface Shown {
  path: string;
  title: string;
  content: Html[];
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What surrounds every page of the dashboard: where one is, what time it is, and time's buttons. */
export function frame(world: World, accounts: readonly string[], { path, title, content }: Shown): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Stripe sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/dashboard/dashboard.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <div class="bar">
            <p class="brand"><a href="/">Stripe sandbox</a> <span class="state test">test money</span></p>
            <div class="clock" role="group" aria-label="Clock">
              <span>${moment(world.clock.now())} UTC</span>
              ${button("+ 1 hour", "advance", { seconds: HOUR })}
              ${button("+ 1 day", "advance", { seconds: DAY })}
              ${button("+ 30 days", "advance", { seconds: 30 * DAY })}
            </div>
          </div>
          <nav class="pages" aria-label="Dashboard">
            ${PAGES.map(
              ([href, name]) =>
                html`<a href="${href}" ${isCurrent(href, path) ? html`aria-current="page"` : ""}>${name}</a>`,
            )}
          </nav>
          ${accounts.length > 1 ? accountsOf(world.account, accounts) : ""}
        </header>
        <main id="main">
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}

/** Whose dashboard this is, where there are several accounts. */
const accountsOf = (shown: string, accounts: readonly string[]) => html`
  <nav class="kinds accounts" aria-label="Accounts">
    ${accounts.map(
      (id) =>
        html`<a href="/dashboard/accounts/${id}" ${id === shown ? html`aria-current="true"` : ""}>${id}</a>`,
    )}
  </nav>`;

const isCurrent = (href: string, path: string) => (href === "/" ? path === "/" : path.startsWith(href));
