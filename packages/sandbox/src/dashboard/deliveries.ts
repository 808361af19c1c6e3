import { html } from "hono/html";
import { listDeliveries } from "../events/deliveries.ts";
import type { World } from "../world.ts";
import { button, deliveryState, empty, eventLink, type Html, moment, section, table } from "./parts.ts";

const ON_A_PAGE = 50;
const STATES = ["pending", "waiting", "succeeded", "failed", "canceled"];

export function deliveriesPage({ store }: World, asked: { state?: string; before?: string }): Html[] {
  const wanted = STATES.find((known) => known === asked.state);
  const before = asked.before ? Number(asked.before) : undefined;
  const rows = listDeliveries(store, { state: wanted, before, limit: ON_A_PAGE });
  const last = rows.length === ON_A_PAGE ? rows.at(-1) : undefined;
  return [
    html`<nav class="kinds" aria-label="States">
      <a href="/dashboard/deliveries" ${wanted ? "" : html`aria-current="true"`}>all</a>
      ${STATES.map(
        (name) =>
          html`<a href="?state=${name}" ${wanted === name ? html`aria-current="true"` : ""}>${name}</a>`,
      )}
    </nav>`,
    section(
      wanted ?? "Newest first",
      rows.length === 0
        ? empty("No delivery.")
        : table(
            "Deliveries",
            ["State", "Event", "Endpoint", "Tries", "Next (UTC)", ""],
            rows.map((delivery) => {
              const event = store.find("event", delivery.event_id);
              const endpoint = store.find("webhook_endpoint", delivery.endpoint_id);
              return html`<tr>
                <td>${deliveryState(delivery)}</td>
                <td>${eventLink(delivery.event_id, event?.type ?? delivery.event_id)}</td>
                <td><code>${endpoint?.url ?? "deleted"}</code></td>
                <td class="number">${delivery.attempts}</td>
                <td>${delivery.next_at === null ? "—" : moment(delivery.next_at)}</td>
                <td class="end">
                  ${endpoint ? button("Resend", "resend", { event: delivery.event_id, endpoint: endpoint.id }) : ""}
                </td>
              </tr>`;
            }),
          ),
    ),
    last ? html`<p><a href="?state=${wanted ?? ""}&before=${last.id}">Older deliveries</a></p>` : html``,
  ];
}
