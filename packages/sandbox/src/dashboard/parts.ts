import { html } from "hono/html";
import type { Delivery } from "../events/deliveries.ts";

export type Html = ReturnType<typeof html>;

export const section = (title: string, content: Html | Html[]) =>
  html`<section><h2>${title}</h2>${content}</section>`;

export const empty = (text: string) => html`<p class="empty">${text}</p>`;

export const state = (name: string) => html`<span class="state ${name}">${name.replaceAll("_", " ")}</span> `;

export const moment = (seconds: number) =>
  html`<time datetime="${new Date(seconds * 1000).toISOString()}">${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")}</time>`;

export const shortened = (id: string) => (id.length > 30 ? `${id.slice(0, 16)}…${id.slice(-6)}` : id);

export const objectLink = (id: string) =>
  html`<a class="id" href="/dashboard/objects/${id}" title="${id}">${shortened(id)}</a>`;

export const eventLink = (id: string, text: string) => html`<a href="/dashboard/events/${id}">${text}</a>`;

export const json = (value: unknown) =>
  html`<pre tabindex="0">${typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>`;

export function deliveryState({ state: name, attempts }: Delivery): Html {
  if (name !== "waiting") return state(name);
  return state(attempts > 0 ? "retrying" : "delayed");
}

/** A form with one button, which works without scripts. Afterwards the visitor is back where they were. */
export const button = (label: string, action: string, fields: Record<string, string | number> = {}) => html`
  <form method="post" action="/dashboard/do/${action}">
    ${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    <button>${label}</button>
  </form>
`;

/** A table with its columns' names; each row scrolls with it on a narrow screen. */
export const table = (label: string, columns: readonly string[], rows: readonly Html[]) => html`
  <div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>${columns.map((name) => (name === "" ? html`<td></td>` : html`<th scope="col">${name}</th>`))}</tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
  </div>
`;
