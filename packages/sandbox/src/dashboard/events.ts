import { html } from "hono/html";
import { type Attempt, attemptsOf } from "../delivery/attempts.ts";
import { type Delivery, deliveriesOf, withPending } from "../events/deliveries.ts";
import type { EventObject } from "../wire.ts";
import type { World } from "../world.ts";
import {
  button,
  deliveryState,
  empty,
  eventLink,
  type Html,
  json,
  moment,
  objectLink,
  section,
  state,
  table,
} from "./parts.ts";

const ON_A_PAGE = 50;

export function eventRows(rows: readonly { event: EventObject; deliveries: Delivery[] }[]): Html {
  return table(
    "Events",
    ["Event", "Object", "Delivered", "Time (UTC)"],
    rows.map(
      ({ event, deliveries }) => html`<tr>
        <td>${eventLink(event.id, event.type)}</td>
        <td>${typeof event.data.object.id === "string" ? objectLink(event.data.object.id) : "—"}</td>
        <td>${deliveries.length === 0 ? "—" : deliveries.map(deliveryState)}</td>
        <td>${moment(event.created)}</td>
      </tr>`,
    ),
  );
}

export function eventsPage({ store }: World, asked: { type?: string; before?: string }): Html[] {
  const { type = "", before } = asked;
  // By the types there are, so that each is found by index: one pattern would be compared with every event.
  const wanted = new RegExp(`^${type.replaceAll(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`, "i");
  const types = store.valuesOf("event", "type").filter((known) => wanted.test(known));
  const filters = type === "" ? [] : [{ field: "type", is: "in", value: types } as const];
  const known = before && store.find("event", before);
  const page = { limit: ON_A_PAGE, ...(known && { after: known.id }) };
  const { data, more } = store.list("event", filters, page);
  const last = data.at(-1);
  return [
    html`<form class="filter" method="get">
      <label>Type <input name="type" value="${type}" placeholder="charge.*" /></label>
      <button>Show</button>
    </form>`,
    section(
      type === "" ? "All events" : type,
      data.length === 0
        ? empty("No such event.")
        : eventRows(data.map((event) => ({ event, deliveries: deliveriesOf(store, event.id) }))),
    ),
    more && last
      ? html`<p><a href="?type=${encodeURIComponent(type)}&before=${last.id}">Older events</a></p>`
      : html``,
  ];
}

/** One event: what it says, and every attempt to say it. */
export function eventPage({ store }: World, id: string): Html[] | undefined {
  const event = store.find("event", id);
  if (!event) return undefined;
  const deliveries = deliveriesOf(store, id);
  return [
    html`<p class="lead">
      <code>${event.id}</code> ${moment(event.created)} UTC
      ${typeof event.data.object.id === "string" ? objectLink(event.data.object.id) : ""}
    </p>`,
    section(
      "Deliveries",
      deliveries.length === 0
        ? empty("No endpoint listens to this event.")
        : deliveries.map((delivery) => deliveryPart(store, event, delivery)),
    ),
    section("Payload", json(withPending(store, event))),
  ];
}

function deliveryPart(store: World["store"], event: EventObject, delivery: Delivery): Html {
  const endpoint = store.find("webhook_endpoint", delivery.endpoint_id);
  return html`<article>
    <h3>${endpoint?.url ?? `${delivery.endpoint_id} (deleted)`}</h3>
    <div class="line">
      ${deliveryState(delivery)}
      ${delivery.next_at === null ? "" : html`<span>next at ${moment(delivery.next_at)}</span>`}
      ${delivery.twin ? html`<span>a twin, made by a fault</span>` : ""}
      ${endpoint ? button("Resend", "resend", { event: event.id, endpoint: endpoint.id }) : ""}
    </div>
    ${attemptsOf(store, delivery).map(attemptPart)}
  </article>`;
}

function attemptPart(attempt: Attempt, index: number): Html {
  const { status, error, fault, manual, request, response } = attempt;
  return html`<details class="attempt">
    <summary>
      <span>Attempt ${index + 1}</span>
      ${status === null ? state("failed") : html`<span class="state ${status < 300 ? "succeeded" : "failed"}">${status}</span>`}
      <span>${moment(attempt.at)}</span> <span>${attempt.milliseconds} ms</span>
      ${error ? html`<span>${error}</span>` : ""} ${fault ? html`<span>fault: ${fault.replaceAll("_", " ")}</span>` : ""}
      ${manual ? html`<span>by hand</span>` : ""}
    </summary>
    <h4>Request</h4>
    ${request ? json(`POST ${request.url}\n${headers(request.headers)}\n\n${request.body}`) : empty("It was never sent.")}
    <h4>Response</h4>
    ${response ? json(`${status}\n${headers(response.headers)}\n\n${response.body}`) : empty(error ?? "None.")}
  </details>`;
}

const headers = (all: Record<string, string | number>) =>
  Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
