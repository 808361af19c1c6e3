import { html } from "hono/html";
import { secretsOf } from "../delivery/secrets.ts";
import { retriesOf } from "../events/retries.ts";
import type { World } from "../world.ts";
import { button, empty, type Html, section, state } from "./parts.ts";
import { t } from "./texts.ts";

const HOUR = 3600;

export function webhooksPage(world: World): Html[] {
  return [endpoints(world), sending(world)];
}

function endpoints({ store, clock }: World): Html {
  const rows = store.list("webhook_endpoint", [], { limit: 100 }).data;
  if (rows.length === 0) {
    return section("Endpoints", empty("None: start with --webhook, or create one through the API."));
  }
  return section(
    "Endpoints",
    rows.map(
      (endpoint) => html`<article>
        <h3>${endpoint.url}</h3>
        <p class="line">
          ${state(endpoint.status)} <span>${endpoint.enabled_events.join(", ")}</span>
          <code>${endpoint.id}</code> <span>${endpoint.api_version ?? ""}</span>
        </p>
        <div class="line">
          <details>
            <summary>Signing secret</summary>
            ${secretsOf(store, endpoint.id, clock.now()).map((secret) => html`<code class="secret">${secret}</code>`)}
          </details>
          ${button("Roll it, the old one valid for an hour", "roll", { endpoint: endpoint.id, overlap: HOUR })}
          ${
            endpoint.status === "enabled"
              ? button("Switch off", "endpoint", { endpoint: endpoint.id, status: "disabled" })
              : button("Switch on", "endpoint", { endpoint: endpoint.id, status: "enabled" })
          }
        </div>
      </article>`,
    ),
  );
}

function sending({ courier, store }: World): Html {
  const waiting = Number(store.row("SELECT count(*) AS n FROM delivery WHERE state = 'pending'")?.n);
  const retries = retriesOf(store).map(duration);
  return section(
    "Sending",
    html`<p>
        ${t("atATime", { count: courier.inFlight })}
        ${retries.length === 0 ? "No retries." : `Retries after ${retries.join(", ")}.`}
      </p>
      <div class="line">
        ${
          courier.held
            ? html`<p>Held: ${waiting} waiting.</p>
                ${button("Release in order", "release")}
                ${button("Release shuffled", "release", { seed: 1 })}`
            : button("Hold deliveries back", "hold")
        }
      </div>`,
  );
}

function duration(seconds: number): string {
  if (seconds % HOUR === 0 && seconds > 0) return `${seconds / HOUR} h`;
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60} min` : `${seconds} s`;
}
