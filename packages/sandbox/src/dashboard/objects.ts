import { html } from "hono/html";
import { deliveriesOf } from "../events/deliveries.ts";
import type { Kind } from "../wire.ts";
import type { World } from "../world.ts";
import { deedsFor } from "./deeds.ts";
import { eventRows } from "./events.ts";
import { empty, type Html, json, moment, objectLink, section, table } from "./parts.ts";

const ON_A_PAGE = 50;

interface Row {
  id: string;
  kind: string;
  created: number;
}

/** Everything there is, by its kind. */
export function objectsPage({ store }: World, asked: { kind?: string; before?: string }): Html[] {
  const kinds = store
    .rows(
      "SELECT kind, count(*) AS n FROM object WHERE deleted = 0 AND kind <> 'event' GROUP BY kind ORDER BY kind",
    )
    .map(({ kind, n }) => ({ kind: String(kind), count: Number(n) }));
  const { kind = "", before = "" } = asked;
  const rows: Row[] = store
    .rows(
      "SELECT id, kind, created FROM object WHERE deleted = 0 AND kind <> 'event' AND (?1 = '' OR kind = ?1) AND (?2 = '' OR seq < (SELECT seq FROM object WHERE id = ?2)) ORDER BY seq DESC LIMIT ?3",
      kind,
      before,
      ON_A_PAGE,
    )
    .map((row) => ({ id: String(row.id), kind: String(row.kind), created: Number(row.created) }));
  const last = rows.length === ON_A_PAGE ? rows.at(-1) : undefined;
  return [
    html`<nav class="kinds" aria-label="Kinds">
      <a href="/dashboard/objects" ${kind === "" ? html`aria-current="true"` : ""}>all</a>
      ${kinds.map(
        (known) => html`<a href="?kind=${known.kind}" ${known.kind === kind ? html`aria-current="true"` : ""}
            >${known.kind} <span>${known.count}</span></a
          >`,
      )}
    </nav>`,
    section(
      kind === "" ? "Newest first" : kind,
      rows.length === 0
        ? empty("Nothing here yet.")
        : table(
            "Objects",
            ["Object", "Kind", "Created (UTC)"],
            rows.map(
              (row) =>
                html`<tr><td>${objectLink(row.id)}</td><td>${row.kind}</td><td>${moment(row.created)}</td></tr>`,
            ),
          ),
    ),
    last ? html`<p><a href="?kind=${kind}&before=${last.id}">Older objects</a></p>` : html``,
  ];
}

/** One object as the API answers it, and the last events about it. */
export function objectPage({ store }: World, id: string): { title: string; content: Html[] } | undefined {
  const found = store.findAny(id);
  if (!found) return undefined;
  const title: Kind = found.object.object;
  const about = { field: "data.object.id", is: "=", value: id } as const;
  const events = store.list("event", [about], { limit: ON_A_PAGE }).data;
  const rows = events.map((event) => ({ event, deliveries: deliveriesOf(store, event.id) }));
  return {
    title,
    content: [
      html`<p class="lead"><code>${id}</code> ${found.deleted ? "deleted" : ""}</p>`,
      found.deleted ? html`` : deedsFor(store, found.object),
      section("Events", rows.length === 0 ? empty("None are about this object.") : eventRows(rows)),
      section("Object", json(found.object)),
    ],
  };
}
