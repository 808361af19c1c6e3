import { html } from "hono/html";
import { deliveriesOf } from "../events/deliveries.ts";
import { hasPage, pagePath } from "../hosted-page/address.ts";
import { formatMoney } from "../money.ts";
import type { World } from "../world.ts";
import { eventRows } from "./events.ts";
import { button, empty, type Html, moment, objectLink, section, shortened, state, table } from "./parts.ts";

/** Rows of each list: enough to see what just happened. */
const RECENT = { limit: 12 };

export function overviewPage(world: World): Html[] {
  const { store } = world;
  return [
    figures(world),
    waitingForBank(world),
    sessions(world),
    recentEvents(world),
    startAnew(store.count("event")),
  ];
}

function figures({ store, faults, courier }: World): Html {
  const waiting = store.row("SELECT count(*) AS n FROM delivery WHERE state IN ('pending', 'waiting')");
  const failed = store.row("SELECT count(*) AS n FROM delivery WHERE state = 'failed'");
  const rows = [
    ["Sessions", store.count("checkout.session"), "/dashboard/objects?kind=checkout.session"],
    ["Customers", store.count("customer"), "/dashboard/objects?kind=customer"],
    ["Events", store.count("event"), "/dashboard/events"],
    [courier.held ? "Deliveries held" : "Deliveries waiting", Number(waiting?.n), "/dashboard/deliveries"],
    ["Deliveries failed", Number(failed?.n), "/dashboard/deliveries?state=failed"],
    ["Faults on", faults.list().length, "/dashboard/faults"],
  ] as const;
  return html`<ul class="figures">
    ${rows.map(
      ([name, value, href]) =>
        html`<li><a href="${href}"><strong>${value.toLocaleString("en")}</strong> ${name}</a></li>`,
    )}
  </ul>`;
}

function waitingForBank({ store }: World): Html {
  const filter = { field: "status", is: "=", value: "processing" } as const;
  const intents = store.list("payment_intent", [filter], RECENT).data;
  if (intents.length === 0) return html``;
  return section(
    "Waiting for a bank",
    table(
      "Waiting for a bank",
      ["Amount", "Payment", ""],
      intents.map(
        (intent) => html`<tr>
          <td class="number">${formatMoney(intent.amount, intent.currency)}</td>
          <td>${objectLink(intent.id)}</td>
          <td class="end">
            ${button("The bank pays", "settle", { id: intent.id, outcome: "succeed" })}
            ${button("It refuses", "settle", { id: intent.id, outcome: "fail" })}
          </td>
        </tr>`,
      ),
    ),
  );
}

function sessions({ store }: World): Html {
  const rows = store.list("checkout.session", [], RECENT).data;
  if (rows.length === 0)
    return section("Checkout sessions", empty("No session yet. Create one through the API."));
  return section(
    "Checkout sessions",
    table(
      "Checkout sessions",
      ["Status", "Amount", "", "Buyer", "Session", "Created (UTC)"],
      rows.map(
        (session) => html`<tr>
          <td>${state(session.status === "complete" ? session.payment_status : (session.status ?? ""))}</td>
          <td class="number">${formatMoney(session.amount_total ?? 0, session.currency ?? "usd")}</td>
          <td>
            ${
              session.status === "open" && hasPage(session)
                ? html`<a href="${pagePath(session)}" aria-label="Pay ${shortened(session.id)}">Pay</a>`
                : ""
            }
          </td>
          <td>${session.customer_details?.email ?? "—"}</td>
          <td>${objectLink(session.id)}</td>
          <td>${moment(session.created)}</td>
        </tr>`,
      ),
    ),
  );
}

function recentEvents({ store }: World): Html {
  const events = store.list("event", [], RECENT).data;
  if (events.length === 0) return section("Events", empty("Nothing has happened yet."));
  const rows = eventRows(events.map((event) => ({ event, deliveries: deliveriesOf(store, event.id) })));
  return section("Events", rows);
}

function startAnew(events: number): Html {
  if (events === 0) return html``;
  return section(
    "Start anew",
    html`<p>
        Forgets every object, event, fault and planned retry, and sets the clock back to real time. Endpoints stay,
        with their secrets.
      </p>
      <details>
        <summary>Reset the sandbox…</summary>
        ${button("Forget everything", "reset")}
      </details>`,
  );
}
