import { html } from "hono/html";
import type { Delivery } from "../events/deliveries.ts";
import { formatMoney } from "../money.ts";
import type { EventObject, Kinds } from "../wire.ts";

interface View {
  now: number;
  origin: string;
  sessions: Kinds["checkout.session"][];
  waiting: Kinds["payment_intent"][];
  events: { event: EventObject; deliveries: Delivery[] }[];
  endpoints: { endpoint: Kinds["webhook_endpoint"]; secret: string }[];
}

type Html = ReturnType<typeof html>;

const DAY = 86_400;

export function overviewPage(view: View): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Stripe sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/overview/overview.css" />
        <script type="module" src="/overview/overview.js"></script>
      </head>
      <body>
        <header>
          <h1>Stripe sandbox</h1>
          <code>${view.origin}</code>
          <p class="clock">
            <span>${moment(view.now)} UTC</span>
            ${advance("+ 1 hour", 3600)} ${advance("+ 1 day", DAY)} ${advance("+ 30 days", 30 * DAY)}
          </p>
        </header>
        <main>
          <p role="status" id="status"></p>
          ${view.waiting.length > 0 ? waiting(view.waiting) : ""} ${sessions(view)} ${events(view)} ${endpoints(view)}
        </main>
      </body>
    </html>`;
}

function waiting(intents: View["waiting"]): Html {
  return section(
    "Waiting for a bank",
    html`<table>
      <tbody>
        ${intents.map(
          (intent) => html`<tr>
            <td>${formatMoney(intent.amount, intent.currency)}</td>
            <td><code>${intent.id}</code></td>
            <td class="end">
              ${button("The bank pays", `/sandbox/payment_intents/${intent.id}/settle`, { outcome: "succeed" })}
              ${button("It refuses", `/sandbox/payment_intents/${intent.id}/settle`, { outcome: "fail" })}
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function sessions({ sessions: rows }: View): Html {
  if (rows.length === 0)
    return section("Checkout sessions", empty("No session yet. Create one through the API."));
  return section(
    "Checkout sessions",
    html`<table>
      <thead>
        <tr><th>Status</th><th>Amount</th><th>Buyer</th><th>Session</th><th>Created</th></tr>
      </thead>
      <tbody>
        ${rows.map(
          (session) => html`<tr>
            <td>${state(session.status === "complete" ? session.payment_status : (session.status ?? ""))}</td>
            <td class="number">${formatMoney(session.amount_total ?? 0, session.currency ?? "usd")}</td>
            <td>${session.customer_details?.email ?? "—"}</td>
            <td>
              ${
                session.status === "open"
                  ? html`<a href="/c/pay/${session.id}">${shortened(session.id)}</a>`
                  : html`<code title="${session.id}">${shortened(session.id)}</code>`
              }
            </td>
            <td>${moment(session.created)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function events({ events: rows }: View): Html {
  if (rows.length === 0) return section("Events", empty("Nothing has happened yet."));
  return section(
    "Events",
    html`<table>
      <thead>
        <tr><th>Type</th><th>Object</th><th>Delivered</th><th>Time</th><td></td></tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ event, deliveries }) => html`<tr>
            <td><strong>${event.type}</strong></td>
            <td><code title="${event.id}">${shortened(String(event.data.object.id))}</code></td>
            <td>${deliveries.length === 0 ? "—" : deliveries.map((delivery) => deliveryState(delivery))}</td>
            <td>${moment(event.created)}</td>
            <td class="end">
              ${deliveries.length > 0 ? button("Resend", `/sandbox/events/${event.id}/resend`, {}) : ""}
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function deliveryState({ state: name, attempts }: Delivery): Html {
  return name === "pending" && attempts > 0 ? state("retrying") : state(name);
}

function endpoints({ endpoints: rows }: View): Html {
  if (rows.length === 0) {
    return section("Webhook endpoints", empty("None: start with --webhook, or create one through the API."));
  }
  return section(
    "Webhook endpoints",
    html`<table>
      <tbody>
        ${rows.map(
          ({ endpoint, secret }) => html`<tr>
            <td>${state(endpoint.status)}</td>
            <td><code>${endpoint.url}</code></td>
            <td>${endpoint.enabled_events.join(", ")}</td>
            <td><details><summary>Signing secret</summary><code>${secret}</code></details></td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

const section = (title: string, content: Html) => html`<section><h2>${title}</h2>${content}</section>`;
const empty = (text: string) => html`<p class="empty">${text}</p>`;
const state = (name: string) => html`<span class="state ${name}">${name.replaceAll("_", " ")}</span> `;
const moment = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
const shortened = (id: string) => (id.length > 30 ? `${id.slice(0, 16)}…${id.slice(-6)}` : id);
const advance = (label: string, seconds: number) => button(label, "/sandbox/clock/advance", { seconds });

function button(label: string, action: string, body: object): Html {
  return html`<button type="button" data-action="${action}" data-body="${JSON.stringify(body)}">${label}</button>`;
}
