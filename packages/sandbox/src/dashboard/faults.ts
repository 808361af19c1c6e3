import { html } from "hono/html";
import type { Fault } from "../faults/rules.ts";
import type { World } from "../world.ts";
import { button, empty, type Html, section, table } from "./parts.ts";
import { t } from "./texts.ts";

/** What the buttons of this page switch on: each a rule of the control API, with what it does in a few words. */
const DELIVERY_FAULTS = [
  ["duplicate", "the same event, sent twice"],
  ["twin", "a second event with an id of its own about the same change"],
  ["reorder", "events overtake each other"],
  ["burst", "events don't wait for each other"],
  ["delay", "the first try comes ten minutes later"],
  ["drop", "a try is lost on the way"],
  ["down", "nobody listens"],
  ["tamper", "the body was changed after signing"],
  ["bad_signature", "signed with somebody else's secret"],
  ["stale_signature", "signed ten minutes ago"],
  ["reset_after", "the connection breaks after the work was done"],
  ["slow", "the body arrives in pieces over two seconds"],
] as const;

const API_FAULTS = [
  ["rate_limit", "429, and no invitation to try again"],
  ["rate_limit_retry", "429 with Stripe-Should-Retry: true"],
  ["lock_timeout", "429 lock_timeout"],
  ["error", "500 before anything was done"],
  ["error_after", "500 after all was done"],
  ["reset", "the connection breaks before the work"],
  ["reset_after", "the connection breaks after the work"],
  ["hang", "no answer, ever"],
  ["latency", "two seconds late"],
] as const;

export function faultsPage({ faults }: World): Html[] {
  const on = faults.list();
  return [
    section(
      "Switched on",
      on.length === 0
        ? empty("Nothing goes wrong.")
        : [
            table("Faults", ["Fault", "Where", "How often", "Struck", ""], on.map(row)),
            button("All off", "faults-off"),
          ],
    ),
    chooser("Deliveries", "delivery", DELIVERY_FAULTS, "Only for these events", "types", "charge.*"),
    chooser("API", "api", API_FAULTS, "Only for this path", "path", "/v1/checkout/sessions"),
  ];
}

function row({ id, on, rule, struck }: Fault): Html {
  const where =
    on === "api"
      ? `${rule.method ?? "any"} ${rule.path ?? "/v1/*"}`
      : (rule.types?.join(", ") ?? "all events");
  const share = `${Math.round((rule.probability ?? 1) * 100)} %`;
  const times = rule.times === undefined ? "" : `, ${t("timesAtMost", { count: rule.times })}`;
  const after = "when" in rule && rule.when === "after" ? " after the work" : "";
  return html`<tr>
    <td>${rule.fault.replaceAll("_", " ")}${after}</td>
    <td>${where}</td>
    <td>${share}${times}</td>
    <td class="number">${struck}</td>
    <td class="end">${button("Off", "fault-off", { id })}</td>
  </tr>`;
}

function chooser(
  title: string,
  on: string,
  choices: readonly (readonly [name: string, does: string])[],
  only: string,
  field: string,
  example: string,
): Html {
  return section(
    title,
    html`<form class="chooser" method="post" action="/dashboard/do/fault">
      <input type="hidden" name="on" value="${on}" />
      <label>Fault
        <select name="fault">
          ${choices.map(([name, does]) => html`<option value="${name}">${name.replaceAll("_", " ")}: ${does}</option>`)}
        </select>
      </label>
      <label>Share, in per cent <input name="percent" type="number" min="1" max="100" value="100" /></label>
      <label>Times at most <input name="times" type="number" min="1" placeholder="no end" /></label>
      <label>${only} <input name="${field}" placeholder="${example}" /></label>
      <button class="main">Switch on</button>
    </form>`,
  );
}
